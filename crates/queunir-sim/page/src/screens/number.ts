// Login by number: the form, then eight characters to be typed on the phone.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { panelWord } from "../locale/panels.ts";
import type { Texts } from "../locale/texts.ts";

const page = `${column} ${css("height: 100%; align-items: center; justify-content: center; gap: 22px; background: #fcf5eb")}`;
const cell = css(
  "width: 40px; height: 52px; border: 1px solid #1c1e21; border-radius: 8px; font-size: 24px; display: flex; align-items: center; justify-content: center",
);

/** The form; `next` gets the number. */
export function numberScreen(texts: Texts, next: (phone: string) => void): HTMLElement {
  const input = h("input", {
    type: "text",
    dir: "ltr",
    "aria-label": panelWord(texts.lang, "linkHeading"),
    value: "+",
    class: css("font-size: 20px; padding: 12px 16px; border: 1px solid #1c1e21; border-radius: 12px; width: 320px"),
  }) as HTMLInputElement;
  return h("div", { "data-testid": "link-device-phone-number-entry-screen", class: page }, [
    h("h1", { class: css("font-size: 28px; font-weight: 400") }, panelWord(texts.lang, "linkHeading")),
    h("select", { "aria-label": "Country" }, [h("option", {}, "Brazil +55"), h("option", {}, "Italy +39")]),
    input,
    h(
      "button",
      {
        type: "button",
        "data-testid": "link-device-phone-number-entry-next-button",
        class: css("border-radius: 24px; padding: 10px 28px; background: #1daa61; color: #fff"),
      },
      panelWord(texts.lang, "next"),
      { click: () => next(input.value) },
    ),
  ]);
}

/** The code, two groups of four cells. */
export function codeScreen(texts: Texts, code: string): HTMLElement {
  const cells = (part: string): HTMLElement[] =>
    [...part].map((sign) => h("div", { class: cell }, [h("span", {}, sign)]));
  return h("div", { class: page }, [
    h("h1", { class: css("font-size: 28px; font-weight: 400") }, panelWord(texts.lang, "linkCode")),
    h(
      "div",
      {
        "data-testid": "link-with-phone-number-code-cells",
        "data-link-code": [...code].join(","),
        "aria-details": "link-device-phone-number-code-screen-instructions",
        class: `${row} ${css("gap: 8px")}`,
      },
      [...cells(code.slice(0, 4)), h("span", { "aria-hidden": "true" }, "-"), ...cells(code.slice(4))],
    ),
  ]);
}
