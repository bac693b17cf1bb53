// What tests ask of the page that life does to it: a renderer that hangs, a renderer that ends.

/** Twice what ended Chromium 156; building it takes half a second, and grows with the square. */
const DEPTH = 10_000;

/** Keeps the renderer busy for so many milliseconds. */
export function hang(ms: number): void {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

/** Ends the renderer's process: laying out elements inside each other to this depth overruns its stack. */
export function crash(): void {
  const outermost = document.createElement("div");
  let inner = outermost;
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next = document.createElement("div");
    inner.append(next);
    inner = next;
  }
  document.body.append(outermost);
  outermost.getBoundingClientRect();
}
