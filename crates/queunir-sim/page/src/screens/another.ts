// ANOTHER_SESSION with its "Use here" popup, and LOGOUT.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { faulty } from "../fault.ts";
import type { Texts } from "../locale/texts.ts";

const back = `${row} ${css("height: 100%; justify-content: center; background: #f0f2f5")}`;
const popup = `${column} ${css("background: #fff; border-radius: 12px; padding: 24px; width: 480px; gap: 28px; box-shadow: 0 17px 50px rgba(0,0,0,.19)")}`;
const plain = css(
  "border-radius: 24px; padding: 9px 22px; border: 1px solid #d1d7db; color: #1b8755; font-weight: 500",
);
const primary = css(
  "border-radius: 24px; padding: 9px 22px; border: 1px solid #1daa61; background: #1daa61; color: #fff; font-weight: 500",
);

/** The popup that says another page has the session. */
export function anotherSessionScreen(texts: Texts, useHere: () => void): HTMLElement {
  const words = texts.session;
  const label = h("div", {}, words.useHere);
  const take = (): void => {
    label.textContent = words.connecting;
    useHere();
  };
  return h("div", { class: back }, [
    h("div", { role: "dialog", "aria-label": words.another }, [
      h(
        "div",
        {
          "data-animate-modal-popup": "true",
          "data-testid": faulty("1-popup-unnamed") ? null : "confirm-popup",
          class: popup,
        },
        [
          h(
            "div",
            {
              "data-animate-modal-body": "true",
              "data-testid": "popup-contents",
              class: css("font-size: 15px; line-height: 22px"),
            },
            words.another,
          ),
          h("div", { class: `${row} ${css("justify-content: flex-end; gap: 8px")}` }, [
            h(
              "button",
              { type: "button", "data-testid": "popup-controls-cancel", class: plain },
              [h("div", {}, words.close)],
              { click: () => window.close() },
            ),
            h("button", { type: "button", "data-testid": "popup-controls-ok", class: primary }, [label], {
              click: take,
            }),
          ]),
        ],
      ),
    ]),
  ]);
}

/** What shows for a moment after the phone logged this device out. */
export function loggedOutScreen(texts: Texts): HTMLElement {
  return h("div", { class: `${back} ${css("font-size: 18px; color: #54656f")}` }, [
    h("div", {}, texts.session.loggedOut),
  ]);
}
