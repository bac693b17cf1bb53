// The message that the next one answers, above the composer.
import { css, row } from "../atoms.ts";
import { quoteBox } from "../conversation/kinds/quote.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import { menuWord } from "../locale/menu.ts";
import type { Model } from "../model.ts";

const panel = css("background: #fff; border-radius: 16px 16px 0 0; padding: 8px 10px 2px; margin-bottom: -8px");
const line = `${row} ${css("gap: 8px")}`;

/** Keeps `holder` showing what the chat's composer answers; the returned function ends that. */
export function followQuote(model: Model, chat: string, holder: HTMLElement, quoted: () => void): () => void {
  const draw = (): void => {
    const answered = model.quoting.get(chat);
    if (!answered) {
      holder.replaceChildren();
      return;
    }
    const cancel = h(
      "button",
      { type: "button", "aria-label": menuWord(model.texts.lang, "cancel"), class: css("display: flex; padding: 8px") },
      [drawing("ic-close", 22)],
      { click: () => model.quote(chat, null) },
    );
    holder.replaceChildren(
      h("div", { "data-testid": "popup_panel", class: panel }, [
        h("div", { class: line }, [
          h("div", { class: css("flex: 1 1 0; min-width: 0") }, [quoteBox(model, model.texts.kinds, answered.quoted)]),
          cancel,
        ]),
      ]),
    );
    quoted();
  };
  draw();
  return model.on("quoting", draw);
}
