// WhatsApp's page in a browser of our own, with the reader in it as a slice puts it there, and what its calls cost by
// the browser's own record of time: the processor time of the renderer's main thread inside our functions, with what
// they make the browser lay out.
import { readFileSync } from "node:fs";
import { linkPage } from "../peers/page.mjs";

const CRATE = new URL("../../crates/queunir-whatsapp/", import.meta.url);
const READER = "queunir-reader.js";
const POLL = "queunir-poll.js";
/** The heartbeat of a slice asks for the state this often. */
const BEAT_MS = 10_000;

function read(path) {
  return readFileSync(new URL(path, CRATE), "utf8");
}

/** The script alone, as it is committed. */
export const script = read("src/page/__generated__/reader.js");

/** What a document gets before anything else: the data, then the script (`page/script.rs` puts them together). */
function injected() {
  const json = (name) => JSON.parse(read(`profiles/${name}.json`));
  const beside = { builtIn: [json("g3"), json("g2")], given: [], icons: json("icons"), words: json("labels") };
  delete beside.icons.about;
  return `globalThis.__qnBeside = ${JSON.stringify(beside)};\n${script}\n//# sourceURL=${READER}`;
}

/** A linked page; with `reads` the reader watches it, and its heart is heard. */
export async function watchedPage(browser, simulator, reads) {
  const page = await linkPage(browser, simulator);
  if (!reads) return { page, pushed: () => 0, stop: () => {} };
  const line = await page.createCDPSession();
  let pushed = 0;
  let world;
  line.on("Runtime.bindingCalled", ({ name }) => {
    if (name === "qnObserve") pushed += 1;
  });
  line.on("Runtime.executionContextCreated", ({ context }) => {
    if (context.name === "queunir") world = context.uniqueId;
  });
  await line.send("Page.enable");
  await line.send("Emulation.setFocusEmulationEnabled", { enabled: true });
  await line.send("Runtime.addBinding", { name: "qnObserve", executionContextName: "queunir" });
  await line.send("Runtime.enable");
  await line.send("Page.addScriptToEvaluateOnNewDocument", { source: injected(), worldName: "queunir" });
  await page.reload();
  await page.waitForSelector("#pane-side", { timeout: 60_000 });
  const beat = () => {
    // A call by a timer is in the record; what the protocol evaluates is not.
    const expression = `setTimeout(() => globalThis.__qn.state())\n//# sourceURL=${READER}`;
    return line.send("Runtime.evaluate", { expression, uniqueContextId: world }).catch(() => clearInterval(timer));
  };
  const timer = setInterval(beat, BEAT_MS);
  return { page, pushed: () => pushed, stop: () => clearInterval(timer) };
}

/** Opens the first chat and waits for its rows. */
export async function openFirst(page) {
  await page.locator('#pane-side [data-testid="cell-frame-container"]').click();
  await page.waitForSelector("#main [data-id]");
}

/** The peer: all of the page's rows asked for every so many milliseconds, as programs without an observer do. */
export async function poll(page, every) {
  const question = `(() => {
    const chats = [...document.querySelectorAll("#pane-side [role=row]")].map((row) => row.innerText);
    const messages = [...document.querySelectorAll("#main [data-id]")].map((row) => ({
      id: row.getAttribute("data-id"),
      text: row.innerText,
      time: row.querySelector("[data-pre-plain-text]")?.getAttribute("data-pre-plain-text"),
    }));
    return JSON.stringify({ chats, messages });
  })`;
  const timer = await page.evaluate(`setInterval(${question}, ${every})\n//# sourceURL=${POLL}`);
  return () => page.evaluate(`clearInterval(${timer})`);
}

/** What the browser did during `work`: for reader and peer, the milliseconds of each call in order. */
export async function recorded(page, work) {
  await page.tracing.start({ categories: ["-*", "devtools.timeline"] });
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { traceEvents } = JSON.parse(Buffer.from(await page.tracing.stop()).toString());
  const calls = (url) =>
    traceEvents
      .filter(({ name, ph }) => ph === "X" && name === "FunctionCall")
      .filter(({ args }) => args.data?.url?.endsWith(url))
      .sort((a, b) => a.ts - b.ts)
      .map(({ args, dur, tdur }) => ({ name: args.data.functionName ?? "", ms: (tdur ?? dur) / 1000 }));
  return { seconds, reader: calls(READER), poll: calls(POLL) };
}
