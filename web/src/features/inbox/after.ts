// What an event makes of lists that were fetched: pure, and equal to fetching again.
//
// Pages are as the server cuts them: page 0 is the newest, each page is oldest first, `more` says that older ones exist.
import type { InfiniteData } from "@tanstack/react-query";
import type { Chat, Gap, Message, MessagePage, Outgoing, StoredEvent } from "#/api/types";
import { moment } from "#/lib/time";

export type Pages = InfiniteData<MessagePage, string | null>;

/** As WhatsApp orders its list; chats without a place come last, newest first. */
export function byPlace(a: Chat, b: Chat): number {
  const place = (a.position ?? Number.POSITIVE_INFINITY) - (b.position ?? Number.POSITIVE_INFINITY);
  if (!Number.isNaN(place) && place !== 0) return place;
  const newest = (moment(b.preview?.at) ?? 0) - (moment(a.preview?.at) ?? 0);
  return newest !== 0 ? newest : compareKeys(a.id, b.id);
}

/** Order keys compare byte by byte; they are ASCII. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const byOrder = (a: Message, b: Message): number => compareKeys(a.order_key, b.order_key);

/** The chat list after an event. */
export function chatsAfter(chats: Chat[], event: StoredEvent): Chat[] {
  if (event.type !== "chat.updated") return chats;
  return [...chats.filter((chat) => chat.id !== event.chat.id), event.chat].sort(byPlace);
}

function without(pages: MessagePage[], messageId: string): MessagePage[] {
  return pages.map((page) =>
    page.messages.some((message) => message.id === messageId)
      ? { ...page, messages: page.messages.filter((message) => message.id !== messageId) }
      : page,
  );
}

function placed(pages: MessagePage[], message: Message): MessagePage[] {
  const last = pages.length - 1;
  const home = pages.findIndex((page, index) => {
    const oldest = page.messages[0];
    // The last page reaches down to the start of the history when nothing older is stored.
    if (index === last && !page.more) return true;
    return oldest !== undefined && compareKeys(message.order_key, oldest.order_key) >= 0;
  });
  return pages.map((page, index) =>
    index === home ? { ...page, messages: [...page.messages, message].sort(byOrder) } : page,
  );
}

function withMessage(pages: MessagePage[], message: Message): MessagePage[] {
  const before = pages.flatMap((page) => page.messages).find((one) => one.id === message.id);
  if (before?.order_key !== message.order_key) return placed(without(pages, message.id), message);
  // In its place, so that a page keeps its oldest row, which says where it begins.
  return pages.map((page) =>
    page.messages.includes(before)
      ? { ...page, messages: page.messages.map((one) => (one === before ? message : one)) }
      : page,
  );
}

/** The loaded part of one conversation after an event. */
export function pagesAfter(pages: MessagePage[], chatId: string, event: StoredEvent): MessagePage[] {
  switch (event.type) {
    case "message.removed":
      return event.chat_id === chatId ? without(pages, event.message_id) : pages;
    case "message.stored":
    case "message.updated":
      return event.message.chat_id === chatId ? withMessage(pages, event.message) : pages;
    default:
      return pages;
  }
}

/** One page that was on its way while events came: its rows are brought up to date, new ones only if it is the newest. */
export function pageAfter(page: MessagePage, chatId: string, newest: boolean, event: StoredEvent): MessagePage {
  const changes = event.type === "message.stored" || event.type === "message.updated";
  const isKnown = changes && page.messages.some((message) => message.id === event.message.id);
  if (changes && !newest && !isKnown) return page;
  return pagesAfter([page], chatId, event)[0] ?? page;
}

/** Every loaded message, oldest first. */
export function flattened(pages: MessagePage[]): Message[] {
  return [...pages].reverse().flatMap((page) => page.messages);
}

/** What was asked to be sent, after an event; a line we wrote ourselves is known by its client key. */
export function outgoingAfter(outgoing: Outgoing[], chatId: string, event: StoredEvent): Outgoing[] {
  if (event.type !== "outgoing.updated" || event.outgoing.chat_id !== chatId) return outgoing;
  return withOutgoing(outgoing, event.outgoing);
}

/** The gaps of one chat after an event. */
export function gapsAfter(gaps: Gap[], chatId: string, event: StoredEvent): Gap[] {
  if (event.type !== "gap.updated" || event.gap.chat_id !== chatId) return gaps;
  return [...gaps.filter((gap) => gap.id !== event.gap.id), event.gap];
}

/** Replaces the line with the same key, or adds it. */
export function withOutgoing(outgoing: Outgoing[], changed: Outgoing): Outgoing[] {
  const others = outgoing.filter((one) => one.client_key !== changed.client_key && one.id !== changed.id);
  return [...others, changed].sort((a, b) => compareKeys(a.created_at, b.created_at) || compareKeys(a.id, b.id));
}

/** Lines that still need a bubble of their own: not taken back, and not yet to be seen as a message. */
export function stillOutgoing(outgoing: Outgoing[], messages: Message[]): Outgoing[] {
  const seen = new Set(messages.map((message) => message.id));
  return outgoing.filter(
    (one) => one.state !== "canceled" && !(one.state === "sent" && (!one.message_id || seen.has(one.message_id))),
  );
}
