// What the menu of a message offers, in its order.
import type { ChatRow, Message } from "../protocol.ts";

export type Offer =
  | "info"
  | "reply"
  | "copy"
  | "react"
  | "download"
  | "forward"
  | "pin"
  | "unpin"
  | "star"
  | "unstar"
  | "edit"
  | "line"
  | "select"
  | "report"
  | "delete";

const MINUTE = 60_000;
/** How long an edit is offered. */
const EDIT_MS = 15 * MINUTE;
/** How long a message can be deleted for everyone: two and a half days. */
const REVOKE_MS = 60 * 60 * MINUTE;
const FILES = ["image", "video", "gif", "voice", "audio", "document"];
const STAYS = ["poll", "view_once", "undecrypted"];

/** The drawing of each offer. */
export const OFFER_ICONS: Record<Exclude<Offer, "line">, string> = {
  info: "ic-info",
  reply: "ic-reply",
  copy: "ic-content-copy",
  react: "ic-mood",
  download: "ic-download",
  forward: "ic-fast-forward",
  pin: "ic-push-pin",
  unpin: "wds-ic-push-pin-slash",
  star: "ic-grade",
  unstar: "wds-ic-grade-slash",
  edit: "ic-edit",
  select: "ic-check-box",
  report: "ic-thumb-down",
  delete: "ic-delete",
};

/** What can be done to a message now, by this page's own clock. */
export function offers(chat: ChatRow | undefined, message: Message, now: number): Offer[] {
  if (message.deleted) return ["select", "line", "delete"];
  const there = handedIn(message);
  const file = message.media?.[0];
  const known = file !== undefined && !file.late && !message.upload;
  const list: (Offer | false)[] = [
    message.fromMe && there && "info",
    there && chat?.writable === true && "reply",
    message.text !== "" && "copy",
    canReact(message) && "react",
    FILES.includes(message.kind) && known && "download",
    there && !STAYS.includes(message.kind) && (file === undefined || known) && "forward",
    there && (message.pinned ? "unpin" : "pin"),
    there && (message.starred ? "unstar" : "star"),
    canEdit(message, now) && "edit",
    "line",
    "select",
    "line",
    !message.fromMe && "report",
    "delete",
  ];
  return list.filter((offer) => offer !== false);
}

/** Whether a reaction can be put below it. */
export function canReact(message: Message): boolean {
  return !message.deleted && handedIn(message);
}

/** Whether it can still be deleted for everyone. */
export function canRevoke(message: Message, now: number): boolean {
  return message.fromMe && !message.deleted && handedIn(message) && now - message.at <= REVOKE_MS;
}

function canEdit(message: Message, now: number): boolean {
  const own = message.fromMe && message.kind === "text" && !message.forwarded;
  return own && handedIn(message) && now - message.at <= EDIT_MS;
}

function handedIn({ fromMe, ack }: Message): boolean {
  return !fromMe || (ack !== "pending" && ack !== "failed");
}
