// The walk of a real page through a long chat, to its very first message.

/** Scrolls the open chat up until the encryption notice shows; gives the keys that are in the page then, and the time. */
export async function walk(tab) {
  const start = performance.now();
  const keys = await tab.evaluate(async () => {
    const scroller = document.querySelector('[data-testid="conversation-panel-messages"]');
    const list = scroller.querySelector('[data-tab="8"]');
    const ended = () =>
      [...list.children].slice(0, 3).some((row) => row.querySelector('[data-testid="subtype-encrypt"]'));
    /** Longer than any batch takes; a page that brings nothing more has failed. */
    const PATIENCE_MS = 15_000;
    for (let size = -1, since = performance.now(); !ended() && performance.now() - since < PATIENCE_MS; ) {
      if (list.childElementCount !== size) since = performance.now();
      size = list.childElementCount;
      scroller.scrollTop = 0;
      await new Promise((done) => setTimeout(done, 20));
    }
    return [...list.querySelectorAll('[data-testid^="conv-msg-"]')].map((row) => row.dataset.id);
  });
  return { keys, seconds: (performance.now() - start) / 1000 };
}

/** Compares the page's rows with the chat of the ledger. */
export function compare(keys, chat) {
  const wanted = new Set(chat.messages.map(({ key }) => key));
  const seen = new Set(keys);
  const inOrder = chat.messages.filter(({ key }) => seen.has(key)).every(({ key }, index) => keys[index] === key);
  return {
    messages: chat.messages.filter(({ key, kind }) => kind !== "system" && seen.has(key)).length,
    right: keys.length === seen.size && seen.size === wanted.size && keys.every((key) => wanted.has(key)) && inOrder,
  };
}
