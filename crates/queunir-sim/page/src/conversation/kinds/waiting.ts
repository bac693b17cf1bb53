// What lies over a file that is not where it shall be: a sign that it is on its way, a button that hands it in again.
import { css, row } from "../../atoms.ts";
import { h } from "../../dom.ts";
import { drawing, spanIcon } from "../../icons.ts";
import { panelWord } from "../../locale/panels.ts";
import type { Message } from "../../protocol.ts";
import type { Drawer } from "./drawer.ts";

export const pill = `${row} ${css("gap: 6px; background: rgba(11, 20, 26, 0.55); color: #fff; border-radius: 20px; padding: 8px 14px; font-size: 13px; border: 0")}`;

/** A file is coming or going. */
export function onItsWay(): HTMLElement {
  return h("div", { "data-testid": "media-state-pending", class: pill }, [spanIcon("media-cancel", 20)]);
}

/** A file of ours that the server does not have: on its way, or refused. */
export function uploading(drawer: Drawer, message: Message): HTMLElement {
  if (message.upload === "pending") return onItsWay();
  return h(
    "button",
    { type: "button", "data-testid": "media-state-upload", class: pill },
    [drawing("ic-upload", 20), h("span", {}, panelWord(drawer.model.texts.lang, "retry"))],
    {
      click(event) {
        event.stopPropagation();
        drawer.again(message);
      },
    },
  );
}
