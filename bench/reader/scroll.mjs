// The first list as a program without a reader gets it: scroll, wait, take what is drawn, until every chat was met.

/** Pause after scrolling until rows are drawn, as such programs wait. */
const DRAWN_MS = 250;
/** A page at a time. */
const PAGE = 800;

/** Seconds until `count` chats were met. */
export async function scrolled(page, count) {
  const began = performance.now();
  const met = new Set();
  for (let top = 0; met.size < count; top += PAGE) {
    const seen = await page.evaluate((offset) => {
      const pane = document.querySelector("#pane-side");
      pane.scrollTo({ top: offset });
      return { height: pane.scrollHeight };
    }, top);
    await new Promise((resolve) => setTimeout(resolve, DRAWN_MS));
    // Names may repeat; places in the list do not, while nothing arrives.
    const places = await page.$$eval("#pane-side [role=row]:has(span[title])", (rows) =>
      rows.map((row) => row.style.transform),
    );
    for (const place of places) met.add(place);
    if (top > seen.height) top = -PAGE;
    if (performance.now() - began > 300_000) throw new Error(`${met.size} of ${count} chats after 300 s`);
  }
  return (performance.now() - began) / 1000;
}
