// One chat in the list, as the evidence draws it: avatar, title line, preview line, marks.
import { column, css, ellipsis, hidden, row } from "../atoms.ts";
import { durationText } from "../conversation/kinds/files.ts";
import { KIND_ICONS } from "../conversation/kinds/quote.ts";
import { type Child, h, percentOf } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { faulty } from "../fault.ts";
import { dress } from "../generation.ts";
import { drawing, spanIcon } from "../icons.ts";
import type { Model } from "../model.ts";
import type { Ack, ChatRow, LastMessage } from "../protocol.ts";

/** In pixels; the generation before had lower rows. */
export const rowHeight = (): number => (dress().name === "g2" ? 72 : 76);
/** Share of rows whose preview carries `last-msg-status`; in life it was missing on many rows. */
const PREVIEW_SHARE = 0.7;
/** Above this the badge stops counting. */
const BADGE_LIMIT = 999;
/** More than a line can show; a message of tens of thousands of characters must not fill the row. */
const PREVIEW_DRAWN = 300;
const LRE = "\u202A";
const PDF = "\u202C";

const outer = css("height: 100%; padding: 2px 10px; outline: none");
const frame = `${row} ${css("height: 72px; border-radius: 12px; padding: 0 10px 0 12px; gap: 14px; cursor: pointer; position: relative")}`;
const frameHover = css("background-color: #f7f5f3", ":hover");
const frameSelected = css("background-color: #eeebe7");
const bodyBox = `${column} ${css("flex: 1 1 0; min-width: 0; gap: 3px")}`;
const line = `${row} ${css("gap: 6px; min-width: 0")}`;
const titleBox = `${row} ${css("flex: 1 1 0; min-width: 0; font-size: 16px; line-height: 21px; color: #0a0a0a")}`;
const timeBox = css("font-size: 12px; flex-shrink: 0; color: rgba(0, 0, 0, 0.6)");
const timeUnread = css("font-size: 12px; flex-shrink: 0; color: #1b8755; font-weight: 600");
const secondary = `${row} ${css("flex: 1 1 0; min-width: 0; gap: 3px; font-size: 14px; line-height: 20px; color: rgba(0, 0, 0, 0.6)")}`;
const marks = `${row} ${css("gap: 6px; flex-shrink: 0; color: rgba(0, 0, 0, 0.6)")}`;
const badge = css(
  "min-width: 20px; height: 20px; border-radius: 10px; background: #1daa61; color: #fff; font-size: 12px; font-weight: 600; line-height: 20px; text-align: center; padding: 0 5px",
);

const archivedMark = css("font-size: 11px; border: 1px solid #d1d7db; border-radius: 4px; padding: 0 4px");

export interface RowActions {
  open(chat: string): void;
  hover(chat: string, over: boolean): void;
}

/** Everything a row's drawing depends on. */
export function rowStamp(model: Model, chat: ChatRow, hovered: boolean, now: number): string {
  const typing = model.typing.has(chat.id) ? (model.typing.get(chat.id) ?? "") : null;
  return JSON.stringify([
    chat,
    typing,
    model.drafts.get(chat.id) ?? null,
    model.selected === chat.id,
    hovered,
    model.clock.day(now),
  ]);
}

/** Draws a row's content. */
export function drawRow(
  model: Model,
  chat: ChatRow,
  hovered: boolean,
  now: number,
  actions: RowActions,
  found = false,
): HTMLElement {
  const selected = model.selected === chat.id;
  const testid = chat.kind === "self" ? "message-yourself-row" : "cell-frame-container";
  const title = h("div", { role: "gridcell", "aria-colindex": 2, class: line }, [
    h("div", { "data-testid": "cell-frame-title", class: titleBox }, [unreadText(model, chat), titleSpan(model, chat)]),
    h("div", { "data-testid": "cell-frame-primary-detail", class: chat.unread > 0 ? timeUnread : timeBox }, [
      chat.last ? h("span", {}, model.clock.listTime(chat.lastAt, now)) : null,
    ]),
  ]);
  const second = h("div", { class: line }, [
    h("div", { "data-testid": "cell-frame-secondary", class: secondary }, preview(model, chat)),
    h("div", { role: "gridcell", "aria-colindex": 1, class: marks }, marksOf(model, chat, hovered, found)),
  ]);
  const inner = h(
    "div",
    { "data-testid": testid, class: `${frame} ${frameHover} ${selected ? frameSelected : ""}`.trim() },
    [h("div", { class: css("flex-shrink: 0") }, [avatar(chat, 49)]), h("div", { class: bodyBox }, [title, second])],
    {
      click: () => actions.open(chat.id),
      mouseenter: () => actions.hover(chat.id, true),
      mouseleave: () => actions.hover(chat.id, false),
    },
  );
  const cell = h("div", { "aria-selected": String(selected), tabindex: selected ? 0 : -1, class: outer }, [inner], {
    focusin: () => actions.hover(chat.id, true),
    focusout: () => actions.hover(chat.id, false),
  });
  return dress().wrapped ? h("div", { class: css("height: 100%") }, [cell]) : cell;
}

/** A round picture, or the default one on the chat's colour. */
export function avatar(chat: ChatRow, size: number): HTMLElement {
  const place = css(
    `width: ${size}px; height: ${size}px; border-radius: 50%; overflow: hidden; display: flex; align-items: center; justify-content: center`,
  );
  if (chat.avatar) {
    return h("div", { class: place }, [
      h("img", {
        alt: "",
        draggable: "false",
        src: chat.avatar,
        class: css("width: 100%; height: 100%; object-fit: cover"),
      }),
    ]);
  }
  const icon = chat.kind === "group" ? "default-group-refreshed" : "default-contact-refreshed";
  return h("div", { class: `${place} ${css(`background-color: ${chat.colour}33; color: ${chat.colour}`)}` }, [
    spanIcon(icon, size * 0.62),
  ]);
}

/** The name as the list and the header show it. */
export function shownTitle(model: Model, chat: ChatRow): string {
  return chat.kind === "self" ? `${chat.title} ${model.texts.list.selfSuffix}` : chat.title;
}

function titleSpan(model: Model, chat: ChatRow): HTMLElement {
  const title = shownTitle(model, chat);
  const bold = chat.unread > 0 || chat.markedUnread ? css("font-weight: 600") : css("font-weight: 400");
  return h("span", { dir: "auto", title, class: `${ellipsis} ${bold}` }, withEmoji(title.replace(/ {2,}/g, " ")));
}

function unreadWords(model: Model, chat: ChatRow): string | null {
  if (chat.unread > 0) return model.texts.list.unreadCount(chat.unread, model.clock.number(chat.unread));
  return chat.markedUnread ? model.texts.list.unread : null;
}

function unreadText(model: Model, chat: ChatRow): Child {
  const words = unreadWords(model, chat);
  if (faulty("2-unread-not-hidden")) return null;
  return words ? h("span", { class: hidden }, words) : null;
}

function preview(model: Model, chat: ChatRow): Child[] {
  const words = model.texts.list;
  if (model.typing.has(chat.id)) {
    const author = model.typing.get(chat.id);
    const text = author && chat.kind === "group" ? words.nameTyping(author) : words.typing;
    return [h("span", { dir: "auto", class: `${ellipsis} ${css("color: #1b8755")}` }, text)];
  }
  const draft = model.drafts.get(chat.id) ?? chat.draft;
  if (draft && model.selected !== chat.id) {
    return [
      h("span", { dir: "auto", class: ellipsis }, [
        h("span", { class: css("color: #1b8755") }, words.draft),
        "\u00A0",
        ...withEmoji(draft, 16),
      ]),
    ];
  }
  const { last } = chat;
  if (!last) return [];
  const share = model.config.previewShare ?? PREVIEW_SHARE;
  const exposed = percentOf(chat.id) < share * 100;
  const author = previewAuthor(model, chat);
  const kind = last.deleted ? "recalled" : KIND_ICONS[last.kind];
  const text = previewWords(model, last);
  const content: Child[] = [
    author ? h("span", { dir: "auto" }, `${author}:\u00A0`) : null,
    ...withEmoji(
      text
        .slice(0, PREVIEW_DRAWN)
        .toWellFormed()
        .replace(/\s*\n\s*/g, " "),
      16,
    ),
  ];
  const attributes = exposed
    ? { "data-testid": "last-msg-status", title: `${LRE}${text}${PDF}`, dir: "ltr", class: ellipsis }
    : { dir: "auto", class: ellipsis };
  return [
    last.fromMe && last.ack && !last.deleted ? h("div", { class: tickColour(last.ack) }, [tick(last.ack)]) : null,
    kind ? h("div", { class: css("display: inline-flex; flex-shrink: 0") }, [drawing(kind, 16)]) : null,
    h("span", attributes, content),
  ];
}

function previewWords(model: Model, last: LastMessage): string {
  const words = model.texts.conversation;
  if (last.deleted) return last.fromMe ? words.deletedByUs : words.deletedByThem;
  if (last.kind === "undecrypted") return words.waiting;
  if (last.kind === "call") return model.texts.kinds.names.call ?? "";
  if (last.text !== "") return last.text;
  const name = model.texts.kinds.names[last.kind] ?? "";
  return last.kind === "voice" && last.seconds ? durationText(last.seconds) : name;
}

function previewAuthor(model: Model, chat: ChatRow): string | null {
  if (chat.kind !== "group" || !chat.last) return null;
  if (chat.last.fromMe) return model.texts.list.you;
  return chat.last.author;
}

/** In the list only icon and colour tell the state. */
function tick(ack: Ack): Element {
  if (ack === "pending") return drawing("ic-schedule", 16);
  if (ack === "failed") return drawing("msg-fail", 16);
  if (ack === "sent") return drawing("wds-ic-delivered", 16);
  return drawing(ack === "delivered" ? "wds-ic-read" : "wds-ic-read-ack", 18, 16);
}

/** The colour is the only sign that somebody read it. */
export function tickColour(ack: Ack): string {
  const place = css("display: inline-flex; flex-shrink: 0");
  if (ack === "read" || ack === "played") return `${place} ${css("color: rgb(0, 123, 252)")}`;
  return `${place} ${ack === "failed" ? css("color: #ea0038") : css("color: rgba(0, 0, 0, 0.6)")}`;
}

function marksOf(model: Model, chat: ChatRow, hovered: boolean, found: boolean): Child[] {
  const words = model.texts.list;
  const count = unreadWords(model, chat);
  const shown = chat.unread > BADGE_LIMIT ? "999+" : chat.unread > 0 ? String(chat.unread) : "";
  return [
    found && chat.archived ? h("span", { class: archivedMark }, words.archived) : null,
    chat.mentioned ? h("span", { "data-testid": "icon-mentions" }, [drawing("ic-alternate-email", 18)]) : null,
    chat.muted
      ? h("span", { "data-testid": "mute-notifications-refreshed", "aria-label": words.muted }, [
          drawing("ic-notifications-off", 18),
        ])
      : null,
    chat.pinned ? h("div", { "aria-label": words.pinned }, [drawing("ic-push-pin", 18)]) : null,
    count
      ? h("div", { "aria-hidden": "true" }, [
          h(
            "span",
            {
              "data-testid": "icon-unread-count",
              "aria-label": count,
              class: `${badge} ${css("display: inline-block")}`,
            },
            shown,
          ),
        ])
      : null,
    hovered
      ? h("button", { "data-testid": "context-btn", type: "button", "aria-hidden": "true", tabindex: -1 }, [
          drawing("ic-expand-more", 20),
        ])
      : null,
  ];
}
