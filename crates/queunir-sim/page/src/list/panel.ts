// The left side: title bar, banner, search, filters, archived entry and the grid of chats.
import { column, css, row } from "../atoms.ts";
import { batched, h, put } from "../dom.ts";
import { drawing } from "../icons.ts";
import { panelWord } from "../locale/panels.ts";
import type { Model } from "../model.ts";
import type { ChatRow, Found } from "../protocol.ts";
import { openArchived } from "./archived.ts";
import { banners } from "./banners.ts";
import { type FilterName, filterBar, keeps } from "./filters.ts";
import { openNewChat } from "./newchat.ts";
import { drawRow, type RowActions, rowHeight, rowStamp } from "./row.ts";
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
const archivedRow = `${row} ${css("height: 48px; width: 100%; flex-shrink: 0; padding: 0 24px; gap: 24px; color: #0a0a0a; font-size: 15px")}`;
const empty = css("padding: 60px 40px; text-align: center; color: rgba(0, 0, 0, 0.6)");
const heading = css("padding: 30px 24px 12px; color: #1b8755; font-size: 15px; height: 100%");

/** Builds the side and keeps it true. */
export function sidePanel(model: Model, act: { open(chat: string): void; search(query: string): void }): HTMLElement {
  const open = (chat: string): void => act.open(chat);
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
    if (text) act.search(text);
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
    height: rowHeight(),
    stamp: () => rowStamp(model, chat, hovered === chat.id, now),
    draw: () => drawRow(model, model.chats.get(chat.id) ?? chat, hovered === chat.id, now, actions, prefix !== ""),
  });

  /** A message that was found is drawn as its chat with that message as preview. */
  const hitItem = (hit: Found, now: number): Item[] => {
    const chat = model.chats.get(hit.chat);
    if (!chat) return [];
    const last = { author: hit.author, fromMe: hit.fromMe, text: hit.text, kind: "text", ack: null };
    const shown = { ...chat, last, lastAt: hit.at, unread: 0, markedUnread: false, mentioned: false, pinned: false };
    const stamp = (): string => JSON.stringify([hit, chat.title, model.selected === chat.id]);
    return [
      {
        id: `hit ${hit.key}`,
        height: rowHeight(),
        stamp,
        draw: () => drawRow(model, shown, false, now, { open, hover() {} }, true),
      },
    ];
  };

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
        (/^[\d\s+()-]{3,}$/.test(wanted) && (chat.phone ?? "").replace(/\D/g, "").includes(wanted.replace(/\D/g, ""))),
    );
    const hits = model.found.query === query ? model.found.messages : [];
    return [
      ...(named.length ? [headingItem(words.chatsHeading), ...named.map((chat) => chatItem(chat, "found ", now))] : []),
      ...(hits.length ? [headingItem(words.messagesHeading), ...hits.flatMap((hit) => hitItem(hit, now))] : []),
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
    const why = query ? "search" : chats.length === 0 && apart.length > 0 ? "archived" : "filter";
    put(emptyState, `${items.length === 0} ${why}`, () => (items.length ? [] : [emptyNotice(model, why)]));
    const unread = chats.filter((chat) => chat.unread > 0).length;
    document.title = unread ? `(${unread}) WhatsApp` : "WhatsApp";
  };

  const drawNotice = (): void => {
    const stamp = JSON.stringify([model.offline, model.banners, model.history]);
    put(notice, stamp, () => banners(model, drawNotice));
  };

  model.on("chats", batched(update));
  model.on("offline", drawNotice);
  model.on("banners", drawNotice);
  setInterval(update, TICK_MS);

  const node = h("div", { id: "side", class: side }, [
    h("header", { class: bar, "data-testid": "chatlist-header" }, [
      h("h1", { class: css("font-size: 22px; font-weight: 700; color: #1daa61") }, words.chatsTitle),
      h("div", { class: `${row} ${css("gap: 20px")}` }, [
        h(
          "button",
          { type: "button", "aria-label": panelWord(model.texts.lang, "newChat"), "data-tab": 2 },
          [drawing("new-chat-outline", 24)],
          {
            click: () => openNewChat(model, node, open),
          },
        ),
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

function emptyNotice(model: Model, why: "search" | "archived" | "filter"): HTMLElement {
  const words = model.texts.list;
  const [testid, text] = {
    search: ["search-no-chats-or-contacts-container", words.noResults],
    archived: ["all-chats-archived-container", words.allArchived],
    filter: ["no-filtered-chats-container", words.noFiltered],
  }[why];
  return h("div", { "data-testid": testid, class: empty }, text);
}
