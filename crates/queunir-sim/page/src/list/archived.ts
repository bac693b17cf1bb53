// The drawer of archived chats: a second grid over the list.
import { column, css, row } from "../atoms.ts";
import { batched, h } from "../dom.ts";
import { drawing } from "../icons.ts";
import type { Model } from "../model.ts";
import { drawRow, rowHeight, rowStamp } from "./row.ts";
import { VirtualGrid } from "./virtual.ts";

const cover = `${column} ${css("position: absolute; inset: 0; background: #fff; z-index: 5")}`;
const bar = `${row} ${css("height: 64px; flex-shrink: 0; padding: 0 20px; gap: 22px; font-size: 19px; font-weight: 500")}`;
const scroller = css("flex: 1 1 0; min-height: 0; overflow-y: auto; overflow-x: hidden; isolation: isolate");

/** Opens the drawer inside `side`; the back button and Escape close it. */
export function openArchived(
  model: Model,
  side: HTMLElement,
  open: (chat: string) => void,
  drawDelay: () => number,
): void {
  const words = model.texts.list;
  const grid = new VirtualGrid(words.archived, { class: scroller }, drawDelay);
  const actions = { open, hover() {} };
  const update = (): void => {
    const now = Date.now();
    grid.setItems(
      model.ordered(true).map((chat) => ({
        id: chat.id,
        height: rowHeight(),
        stamp: () => rowStamp(model, chat, false, now),
        draw: () => drawRow(model, model.chats.get(chat.id) ?? chat, false, now, actions),
      })),
    );
  };
  const stop = model.on("chats", batched(update));
  const close = (): void => {
    stop();
    node.remove();
  };
  const back = h(
    "button",
    { type: "button", "aria-label": "Back", class: css("display: flex; transform: rotate(90deg)") },
    [drawing("ic-expand-more", 24)],
    { click: close },
  );
  const node = h(
    "div",
    { "data-testid": "drawer-left", tabindex: -1, class: cover },
    [h("header", { class: bar }, [back, h("h1", { class: css("font-size: 19px") }, words.archived)]), grid.scroller],
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
  update();
}
