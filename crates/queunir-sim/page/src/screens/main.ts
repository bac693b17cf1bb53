// MAIN: the navigation rail, the chats on the left, the conversation or the intro on the right.
import { column, css, row } from "../atoms.ts";
import { ConversationArea } from "../conversation/area.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import { sidePanel } from "../list/panel.ts";
import type { Model } from "../model.ts";
import type { Session } from "../session.ts";

const frame = `${css("display: flex; height: 100%; width: 100%; background: #f7f5f3")}`;
const rail = `${column} ${css("width: 64px; flex-shrink: 0; align-items: center; gap: 10px; padding: 14px 0; border-right: 1px solid #e9e7e3; color: rgba(0, 0, 0, 0.6)")}`;
const railButton = `${row} ${css("width: 40px; height: 40px; justify-content: center; border-radius: 50%")}`;
const left = css("flex: 0 0 34%; min-width: 320px; max-width: 480px; border-right: 1px solid #e9e7e3; height: 100%");
const right = css("flex: 1 1 0; min-width: 0; height: 100%; position: relative");

/** Builds the screen once; it lives as long as the document. */
export function mainScreen(model: Model, session: Session): HTMLElement {
  const area = new ConversationArea(model, session);
  const icons = ["ic-chat", "ic-status", "ic-channels", "ic-groups"];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const { selected } = model;
    if (selected && model.quoting.has(selected)) model.quote(selected, null);
    else session.leaveChat();
  });
  return h("div", { "data-testid": "wa-web-main-screen", class: frame }, [
    h("header", { class: rail, "data-testid": "navbar" }, [
      ...icons.map((name, index) =>
        h(
          "button",
          {
            type: "button",
            class: `${railButton} ${index === 0 ? css("background-color: #e7e4df; color: #0a0a0a") : ""}`.trim(),
          },
          [drawing(name, 24)],
        ),
      ),
      h("div", { class: css("flex: 1 1 0") }),
      h("button", { type: "button", class: railButton }, [drawing("ic-settings", 24)]),
    ]),
    h("div", { class: left }, [
      sidePanel(model, {
        open: (chat) => session.openChat(chat),
        search: (query) => session.tell({ type: "search", query }),
      }),
    ]),
    h("div", { class: right }, [area.node]),
  ]);
}
