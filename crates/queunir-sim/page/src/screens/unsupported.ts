// What a browser sees that the page does not know.
import { column, css } from "../atoms.ts";
import { h } from "../dom.ts";
import type { Texts } from "../locale/texts.ts";

/** The unsupported-browser page. */
export function unsupportedScreen(texts: Texts): HTMLElement {
  const words = texts.unsupported;
  return h(
    "div",
    {
      class: `landing-wrapper ${column} ${css("height: 100%; align-items: center; justify-content: center; gap: 18px; background: #fff; text-align: center")}`,
    },
    [
      h("div", { class: `landing-title ${css("font-size: 26px; font-weight: 300")}` }, words.title),
      h("div", { class: css("color: #54656f; max-width: 460px; line-height: 22px") }, words.body),
      h(
        "a",
        {
          href: "https://www.google.com/chrome/",
          class: css(
            "color: #fff; background: #1daa61; border-radius: 24px; padding: 10px 24px; text-decoration: none",
          ),
        },
        words.update,
      ),
    ],
  );
}
