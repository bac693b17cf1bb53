// The dialog behind a contact card, where its numbers are.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import type { Texts } from "../locale/texts.ts";
import { openPopup } from "./popup.ts";

/** Shows names and numbers. */
export function showCards(texts: Texts, cards: { name: string; phone: string }[]): void {
  const close = openPopup(
    texts.kinds.viewContact,
    h("div", { class: `${column} ${css("gap: 16px; min-width: 300px")}` }, [
      ...cards.map((card) =>
        h("div", { class: `${column} ${css("gap: 2px")}` }, [
          h("div", { dir: "auto", class: css("font-size: 16px") }, card.name),
          h("div", { class: `selectable-text copyable-text ${css("color: rgba(0, 0, 0, 0.6)")}` }, [
            h("span", {}, card.phone),
          ]),
        ]),
      ),
      h("div", { class: `${row} ${css("justify-content: flex-end")}` }, [
        h(
          "button",
          { type: "button", "data-testid": "popup-controls-cancel", class: css("color: #1b8755; padding: 8px 16px") },
          texts.session.close,
          { click: () => close() },
        ),
      ]),
    ]),
  );
}
