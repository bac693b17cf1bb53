// The drawer that begins a chat: saved contacts, two lines each, in the list component without chat rows.
import { column, css, ellipsis, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { drawing } from "../icons.ts";
import { panelWord } from "../locale/panels.ts";
import type { Model } from "../model.ts";
import type { ChatRow } from "../protocol.ts";
import { avatar } from "./row.ts";
import { VirtualGrid } from "./virtual.ts";

const cover = `${column} ${css("position: absolute; inset: 0; background: #fff; z-index: 5")}`;
const bar = `${row} ${css("height: 64px; flex-shrink: 0; padding: 0 20px; gap: 22px")}`;
const scroller = css("flex: 1 1 0; min-height: 0; overflow-y: auto; overflow-x: hidden; isolation: isolate");
const HEIGHT = 72;

/** Opens the drawer over the list. */
export function openNewChat(model: Model, side: HTMLElement, open: (chat: string) => void): void {
  const title = panelWord(model.texts.lang, "newChat");
  const close = (): void => node.remove();
  const grid = new VirtualGrid(title, { class: scroller }, () => 0, "listitem");
  const contact = (chat: ChatRow): HTMLElement =>
    h(
      "div",
      {
        role: "button",
        tabindex: 0,
        class: `${row} ${css("gap: 14px; padding: 0 20px; height: 72px; cursor: pointer")}`,
      },
      [
        avatar(chat, 49),
        h("div", { class: `${column} ${css("min-width: 0; gap: 3px")}` }, [
          h("span", { dir: "auto", title: chat.title, class: ellipsis }, withEmoji(chat.title)),
          h(
            "span",
            { dir: "auto", class: `${ellipsis} ${css("font-size: 13px; color: rgba(0, 0, 0, 0.6)")}` },
            chat.about ?? "",
          ),
        ]),
      ],
      {
        click() {
          close();
          open(chat.id);
        },
      },
    );
  const node = h(
    "div",
    { "data-testid": "drawer-left", tabindex: -1, class: cover },
    [
      h("header", { class: bar }, [
        h(
          "button",
          { type: "button", "aria-label": "Back", class: css("display: flex; transform: rotate(90deg)") },
          [drawing("ic-expand-more", 24)],
          { click: close },
        ),
        h("h1", { class: css("font-size: 19px; font-weight: 500") }, title),
      ]),
      grid.scroller,
    ],
    {
      keydown(event) {
        if (!(event instanceof KeyboardEvent) || event.key !== "Escape") return;
        event.preventDefault();
        close();
      },
    },
  );
  side.append(node);
  node.focus();
  const contacts = [...model.chats.values()].filter((chat) => chat.kind === "contact" && chat.saved);
  contacts.sort((a, b) => a.title.localeCompare(b.title));
  grid.setItems(
    contacts.map((chat) => ({ id: chat.id, height: HEIGHT, stamp: () => chat.title, draw: () => contact(chat) })),
  );
}
