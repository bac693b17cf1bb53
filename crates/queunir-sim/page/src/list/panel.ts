// The left side: title bar, banner, search, filters, archived entry and the grid of chats.
import { column, css, row } from "../atoms.ts";
import { batched, h, put } from "../dom.ts";
import { drawing } from "../icons.ts";
import type { Model } from "../model.ts";
import type { ChatRow } from "../protocol.ts";
import { openArchived } from "./archived.ts";
import { type FilterName, filterBar, keeps } from "./filters.ts";
import { drawRow, ROW_HEIGHT, type RowActions, rowStamp } from "./row.ts";
import { searchBox } from "./search.ts";
import { type Item, VirtualGrid } from "./virtual.ts";

const HEADING_HEIGHT = 72;
/** Six pages of 800 px took 3.9 s on a live list. */
const SCROLL_STEP_MS = 650;
/** Times and weekdays in the list move on by themselves. */
const TICK_MS = 60_000;

const side = `${column} ${css("height: 100%; min-height: 0; background: #fff; position: relative")}`;
const bar = `${row} ${css("height: 64px; flex-shrink: 0; padding: 0 20px; justify-content: space-between")}`;
const scroller = css(
  "flex: 1 1 0; min-height: 0; overflow-y: auto; overflow-x: hidden; overflow-anchor: none; isolation: isolate",
);
const banner = `${row} ${css("background: #fff4c4; padding: 12px 20px; gap: 14px; flex-shrink: 0")}`;
const archivedRow = `${row} ${css("height: 48px; width: 100%; flex-shrink: 0; padding: 0 24px; gap: 24px; color: #0a0a0a; font-size: 15px")}`;
const empty = css("padding: 60px 40px; text-align: center; color: rgba(0, 0, 0, 0.6)");
const heading = css("padding: 30px 24px 12px; color: #1b8755; font-size: 15px; height: 100%");

/** Builds the side and keeps it true. */
export function sidePanel(model: Model, open: (chat: string) => void): HTMLElement {
  const words = model.texts.list;
  let filter: FilterName = "all";
  let query = "";
  let hovered: string | null = null;

  const drawDelay = (): number => model.duration(SCROLL_STEP_MS);
  const grid = new VirtualGrid(
    words.label,
    { id: "pane-side", "data-scrolltracepolicy": "wa.web.chatlist", class: scroller },
    drawDelay,
  );
  const notice = h("div");
  const archived = h("div");
  const emptyState = h("div");
  const filters = filterBar(model, (name) => {
    filter = name;
    update();
  });
  const search = searchBox(words.search, (text) => {
    query = text;
    grid.scroller.scrollTop = 0;
    update();
  });

  const actions: RowActions = {
    open: (chat) => open(chat),
    hover(chat, over) {
      if (over) hovered = chat;
      else if (hovered === chat) hovered = null;
      grid.redraw(chat);
    },
  };

  const chatItem = (chat: ChatRow, prefix: string, now: number): Item => ({
    id: prefix + chat.id,
    height: ROW_HEIGHT,
    stamp: () => rowStamp(model, chat, hovered === chat.id, now),
    draw: () => drawRow(model, model.chats.get(chat.id) ?? chat, hovered === chat.id, now, actions),
  });

  const headingItem = (text: string): Item => ({
    id: `heading ${text}`,
    height: HEADING_HEIGHT,
    stamp: () => text,
    draw: () => h("div", { class: heading }, text),
  });

  const found = (chats: ChatRow[], now: number): Item[] => {
    const wanted = query.toLocaleLowerCase();
    const named = chats.filter(
      (chat) =>
        chat.title.toLocaleLowerCase().includes(wanted) ||
        (chat.phone ?? "").replace(/\D/g, "").includes(wanted.replace(/\D/g, "") || "\0"),
    );
    const said = chats.filter((chat) => chat.last?.text.toLocaleLowerCase().includes(wanted));
    return [
      ...(named.length ? [headingItem(words.chatsHeading), ...named.map((chat) => chatItem(chat, "", now))] : []),
      ...(said.length ? [headingItem(words.messagesHeading), ...said.map((chat) => chatItem(chat, "said ", now))] : []),
    ];
  };

  const update = (): void => {
    const now = Date.now();
    const chats = model.ordered();
    const items = query
      ? found([...chats, ...model.ordered(true)], now)
      : chats.filter((chat) => keeps(filter, chat)).map((chat) => chatItem(chat, "", now));
    grid.setItems(items);
    filters.update(chats);
    const apart = model.ordered(true);
    const apartShown = apart.length > 0 && !query;
    const apartUnread = apart.filter((chat) => chat.unread > 0).length;
    put(archived, `${apartShown} ${apartUnread}`, () =>
      apartShown ? [archivedEntry(model, apartUnread, () => openArchived(model, node, open, drawDelay))] : [],
    );
    put(emptyState, `${items.length === 0} ${query !== ""}`, () =>
      items.length ? [] : [emptyNotice(model, query !== "")],
    );
    const unread = chats.filter((chat) => chat.unread > 0).length;
    document.title = unread ? `(${unread}) WhatsApp` : "WhatsApp";
  };

  const drawNotice = (): void => {
    put(notice, String(model.offline), () => (model.offline ? [offlineBanner(model)] : []));
  };

  model.on("chats", batched(update));
  model.on("offline", drawNotice);
  setInterval(update, TICK_MS);

  const node = h("div", { id: "side", class: side }, [
    h("header", { class: bar, "data-testid": "chatlist-header" }, [
      h("h1", { class: css("font-size: 22px; font-weight: 700; color: #1daa61") }, words.chatsTitle),
      h("div", { class: `${row} ${css("gap: 20px")}` }, [
        h("button", { type: "button", "aria-label": "New chat", "data-tab": 2 }, [drawing("new-chat-outline", 24)]),
        h("button", { type: "button", "aria-label": "Menu", "data-tab": 2 }, [drawing("more-refreshed", 24)]),
      ]),
    ]),
    notice,
    search.node,
    filters.node,
    archived,
    emptyState,
    grid.scroller,
  ]);
  update();
  return node;
}

function archivedEntry(model: Model, unread: number, show: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: archivedRow },
    [
      drawing("ic-archive", 20),
      h("div", { class: css("flex: 1 1 0; text-align: left") }, model.texts.list.archived),
      unread ? h("span", { class: css("color: #1b8755; font-size: 12px") }, String(unread)) : null,
    ],
    { click: show },
  );
}

function offlineBanner(model: Model): HTMLElement {
  return h("div", { "data-testid": "chat-butterbar" }, [
    h("div", { "data-testid": "chat-butterbar-offline", class: banner }, [
      drawing("ic-key-off", 28),
      h("div", {}, [
        h("div", { class: css("font-size: 15px") }, model.texts.list.offlineTitle),
        h("div", { class: css("font-size: 13px; color: rgba(0, 0, 0, 0.6)") }, model.texts.list.offlineBody),
      ]),
    ]),
  ]);
}

function emptyNotice(model: Model, searching: boolean): HTMLElement {
  const testid = searching ? "search-no-chats-or-contacts-container" : "no-filtered-chats-container";
  return h(
    "div",
    { "data-testid": testid, class: empty },
    searching ? model.texts.list.noResults : model.texts.list.noFiltered,
  );
}
