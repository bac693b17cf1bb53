// Screens that take the whole page away: bans, terms, locks, no service.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import { isScreen, panelWord } from "../locale/panels.ts";
import type { Texts } from "../locale/texts.ts";

const page = `${column} ${css("height: 100%; align-items: center; justify-content: center; gap: 18px; background: #f7f5f3; color: #41525d; text-align: center; padding: 40px")}`;

/** A full screen by its name; nothing at all for a name that nobody knows. */
export function fullScreen(texts: Texts, name: string, useHere: () => void): HTMLElement {
  if (!isScreen(name)) return h("div");
  const words = panelWord(texts.lang, name);
  if (name === "conflict") return conflict(texts, words, useHere);
  return h("div", { class: page }, [
    h("div", { class: css("color: #aebac1") }, [drawing(name === "screen_lock" ? "ic-lock" : "ic-key-off", 72)]),
    h("h1", { class: css("font-size: 22px; font-weight: 400; max-width: 560px; line-height: 30px") }, words),
  ]);
}

function conflict(texts: Texts, words: string, useHere: () => void): HTMLElement {
  const control = (testid: string, label: string, act: () => void): HTMLElement =>
    h(
      "button",
      { type: "button", "data-testid": testid, class: css("border-radius: 24px; padding: 9px 22px; color: #1b8755") },
      [h("div", {}, label)],
      { click: act },
    );
  return h("div", { class: page }, [
    h("div", { role: "dialog", "aria-label": words }, [
      h(
        "div",
        {
          "data-animate-modal-popup": "true",
          "data-testid": "confirm-popup",
          class: css("background: #fff; border-radius: 12px; padding: 24px; width: 480px"),
        },
        [
          h("div", { "data-animate-modal-body": "true", "data-testid": "popup-contents" }, words),
          h("div", { class: `${row} ${css("justify-content: flex-end; gap: 8px; padding-top: 24px")}` }, [
            control("popup-controls-cancel", texts.loading.logOut, () => undefined),
            control("popup-controls-ok", texts.session.useHere, useHere),
          ]),
        ],
      ),
    ]),
  ]);
}
