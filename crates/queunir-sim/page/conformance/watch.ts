// A memory for what shows for a moment only, so that no test has to look at the right time.
import type { Page } from "playwright-core";

/** What `watch` calls a place that is not there. */
export const NOTHING = "(nothing)";

/**
 * Gives what was to be read at a place, each once, in order: what is there now and everything after it, however short.
 * The place is the first element of the selector; read is its text, or the attribute.
 */
export async function watch(page: Page, selector: string, attribute?: string): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle(
    ({ selector, attribute, nothing }) => {
      const seen: string[] = [];
      const look = (): void => {
        const node = document.querySelector(selector);
        const read = attribute ? node?.getAttribute(attribute) : node?.textContent;
        const now = node ? (read ?? "") : nothing;
        if (now !== seen.at(-1)) seen.push(now);
      };
      look();
      new MutationObserver(look).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
      return seen;
    },
    { selector, attribute, nothing: NOTHING },
  );
  return () => seen.jsonValue();
}
