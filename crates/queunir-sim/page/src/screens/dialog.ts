// A dialog over MAIN, known or not: text, one or two buttons, nothing behind it can be clicked.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import type { FromServer } from "../protocol.ts";

type Dialog = Extract<FromServer, { type: "dialog" }>;

const cover = `${row} ${css("position: fixed; inset: 0; justify-content: center; background: rgba(11, 20, 26, 0.4); z-index: 100")}`;
const popup = `${column} ${css("background: #fff; border-radius: 12px; padding: 24px; width: 460px; gap: 22px; box-shadow: 0 17px 50px rgba(0, 0, 0, 0.19)")}`;
const primary = css("border-radius: 24px; padding: 9px 22px; background: #1daa61; color: #fff; font-weight: 500");
const plain = css(
  "border-radius: 24px; padding: 9px 22px; border: 1px solid #d1d7db; color: #1b8755; font-weight: 500",
);

/** Puts the dialog up; `answer` gets the pressed button and the dialog is gone. */
export function showDialog(dialog: Dialog, answer: (button: "ok" | "cancel") => void): void {
  const close = (button: "ok" | "cancel") => () => {
    node.remove();
    answer(button);
  };
  const control = (button: "ok" | "cancel", label: string, look: string): HTMLElement =>
    h("button", { type: "button", "data-testid": `popup-controls-${button}`, class: look }, [h("div", {}, label)], {
      click: close(button),
    });
  const node = h("div", { class: cover }, [
    h("div", { role: "dialog", "aria-modal": "true" }, [
      h(
        "div",
        {
          "data-animate-modal-popup": "true",
          "data-testid": dialog.cancel === null && !dialog.confirm ? null : "confirm-popup",
          class: popup,
        },
        [
          h(
            "div",
            {
              "data-animate-modal-body": "true",
              "data-testid": "popup-contents",
              class: css("line-height: 21px"),
            },
            [
              dialog.title === null
                ? null
                : h(
                    "h1",
                    {
                      "data-testid": "popup-title",
                      class: css("font-size: 20px; font-weight: 500; margin-bottom: 10px"),
                    },
                    dialog.title,
                  ),
              h("div", {}, dialog.text),
            ],
          ),
          h("div", { class: `${row} ${css("justify-content: flex-end; gap: 8px")}` }, [
            dialog.cancel === null ? null : control("cancel", dialog.cancel, plain),
            control("ok", dialog.ok, primary),
          ]),
        ],
      ),
    ]),
  ]);
  document.querySelector("#app .app-wrapper-web")?.append(node);
}
