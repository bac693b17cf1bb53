// The words that server and page exchange; PROTOCOL.md is the text of this contract.

export type Ack = "pending" | "sent" | "delivered" | "read" | "played" | "failed";

export interface ChatRow {
  id: string;
  title: string;
  kind: "contact" | "group" | "self";
  phone: string | null;
  saved: boolean;
  pushName: string | null;
  pinned: boolean;
  muted: boolean;
  archived: boolean;
  favorite?: boolean;
  about?: string | null;
  unread: number;
  markedUnread: boolean;
  /** An unread message names us. */
  mentioned?: boolean;
  lastAt: number;
  last: LastMessage | null;
  /** Begun by its number, and nobody wrote in it yet. */
  begun?: boolean;
  draft: string | null;
  members: string[] | null;
  writable: boolean;
  colour: string;
  avatar: string | null;
}

export interface LastMessage {
  author: string | null;
  fromMe: boolean;
  text: string;
  kind: string;
  deleted?: boolean;
  seconds?: number | null;
  ack: Ack | null;
}

/** A file of a message; its bytes are behind `url`, its tiny picture comes with the message. */
export interface Media {
  url: string;
  mime: string;
  bytes: number;
  name: string | null;
  width: number | null;
  height: number | null;
  seconds: number | null;
  pages: number | null;
  thumb: string | null;
  late: boolean;
}

/** What a message answers. */
export interface Quoted {
  fromMe: boolean;
  author: string;
  kind: string;
  text: string;
  thumb: string | null;
  seconds: number | null;
}

export interface Place {
  latitude: string;
  longitude: string;
  name: string | null;
  address: string | null;
}

export interface Poll {
  several: boolean;
  options: { text: string; votes: number; ours: boolean }[];
}

export interface Reaction {
  emoji: string;
  count: number;
  ours: boolean;
}

export interface Message {
  key: string;
  fromMe: boolean;
  author: string;
  authorPhone: string | null;
  authorPush: string | null;
  at: number;
  kind: string;
  text: string;
  ack: Ack | null;
  deleted: boolean;
  edited: boolean;
  system: string | null;
  deletedByAdmin?: string | null;
  quoted?: Quoted | null;
  media?: Media[];
  place?: Place | null;
  cards?: { name: string; phone: string }[];
  poll?: Poll | null;
  call?: { video: boolean; missed: boolean; seconds: number } | null;
  preview?: { title: string; description: string; domain: string } | null;
  mentions?: { name: string; id: string }[];
  reactions?: Reaction[];
  forwarded?: number;
  starred?: boolean;
  pinned?: boolean;
  played?: boolean;
  /** View once: a film. */
  video?: boolean;
  /** Known to this page alone: the file of a submission is on its way, or was not taken. */
  upload?: "pending" | "refused" | null;
}

/** A message that stands above the conversation. */
export interface Pin {
  key: string;
  fromMe: boolean;
  author: string;
  kind: string;
  text: string;
}

/** What the menu of a message does to it. */
export type OnMessage =
  | { do: "react"; emoji: string | null }
  | { do: "star"; on: boolean }
  | { do: "pin"; seconds: number }
  | { do: "unpin" }
  | { do: "edit"; text: string }
  | { do: "delete_for_me" }
  | { do: "delete_for_everyone" };

export interface MemberInfo {
  name: string | null;
  phone: string;
  push: string | null;
  admin: boolean;
  about: string | null;
}

/** What a business says of itself; what is empty is not drawn. */
export interface Business {
  description: string;
  hours: string[];
  address: string;
  email: string;
  websites: string[];
}

/** What the info panel of a chat shows. */
export interface Info {
  chat: string;
  phone: string | null;
  about: string | null;
  business: Business | null;
  members: MemberInfo[];
}

/** A message that a search found. */
export interface Found {
  chat: string;
  key: string;
  at: number;
  fromMe: boolean;
  author: string | null;
  text: string;
}

/** The file of a submission; its bytes were uploaded before. */
export interface Attach {
  upload: string;
  kind: string;
  mime: string;
  name: string | null;
  width: number | null;
  height: number | null;
  thumb: string | null;
}

export interface Config {
  locale: string;
  hour12: boolean;
  speed: number;
  ownName: string | null;
  ownPhone: string | null;
  timeZone: string | null;
  /** Share of list rows that carry `last-msg-status`, 0 to 1; absent means the page's own 0.7. */
  previewShare?: number;
  /** Who types shows as a bubble at the end of the conversation too. */
  typingBubble?: boolean;
  /** An unknown sender's chat begins with a card that has a key like a message. */
  strangerCard?: boolean;
  /** `g3`, `g2` or `unknown:SEED`. */
  generation?: string;
}

export interface Device {
  id: string;
  secret: string;
}

export type FromServer =
  | ({ type: "config" } & Config)
  | { type: "qr"; ref: string; index: number; of: number; ttlMs: number }
  | { type: "qrIdle" }
  | { type: "paired"; device: Device }
  | { type: "sync"; percent: number }
  | { type: "ready"; chats: ChatRow[]; ownName: string | null; ownPhone: string | null }
  | { type: "chat"; chat: ChatRow }
  | { type: "chatGone"; chat: string }
  | {
      type: "messages";
      chat: string;
      messages: Message[];
      atStart: boolean;
      reason: "open" | "older";
      unread?: number;
      onPhone?: boolean;
    }
  | ({ type: "info" } & Info)
  | { type: "found"; query: string; messages: Found[] }
  | { type: "resolved"; phone: string; shown: string; reached: "chat" | "invalid" | "absent"; chat: string | null }
  | { type: "linkCode"; code: string }
  | { type: "olderRefused"; chat: string }
  | { type: "screen"; screen: string }
  | { type: "banner"; id: string; title: string; body: string }
  | { type: "history"; percent: number | null }
  | { type: "odd"; what: string }
  | { type: "message"; chat: string; message: Message }
  | { type: "messageGone"; chat: string; key: string }
  | { type: "pins"; chat: string; pins: Pin[] }
  | { type: "acted"; id: string; ok: boolean; reason?: "gone" | "late" | "refused" | "failed" }
  | { type: "rekey"; chat: string; tempId: string; key: string; at: number }
  | { type: "ack"; chat: string; key: string; ack: Ack }
  | { type: "typing"; chat: string; on: boolean; author: string | null }
  | { type: "presence"; chat: string; state: "online" | "lastSeen" | "none"; at: number | null }
  | { type: "anotherSession" }
  | { type: "loggedOut" }
  | { type: "offline"; on: boolean }
  | { type: "speed"; speed: number }
  | {
      type: "dialog";
      id: string;
      title: string | null;
      text: string;
      ok: string;
      cancel: string | null;
      confirm?: boolean;
    }
  | { type: "hang"; ms: number }
  | { type: "eat"; mb: number }
  | { type: "spin" }
  | { type: "fill"; mb: number }
  | { type: "crash" }
  | { type: "reload" }
  | { type: "blank" }
  | { type: "swallow" };

export type ToServer =
  | { type: "hello"; device: Device | null; locale: string | null; userAgent: string; visible: boolean }
  | { type: "reloadQr" }
  | { type: "openChat"; chat: string }
  | { type: "leaveChat" }
  | { type: "focus"; chat: string | null; visible: boolean }
  | { type: "send"; chat: string; tempId: string; text: string; attach?: Attach; quotes?: string }
  | { type: "act"; id: string; chat: string; key: string; what: OnMessage }
  | { type: "forward"; id: string; chat: string; key: string; to: { chat: string; tempId: string }[] }
  | { type: "loadOlder"; chat: string; beforeKey: string; count: number; ask?: boolean }
  | { type: "info"; chat: string }
  | { type: "search"; query: string }
  | { type: "resolve"; phone: string }
  | { type: "linkPhone"; phone: string }
  | { type: "typing"; chat: string; on: boolean }
  | { type: "markUnread"; chat: string; on: boolean }
  | { type: "play"; chat: string; key: string }
  | { type: "vote"; chat: string; key: string; option: number }
  | { type: "dialogClosed"; id: string; button: "ok" | "cancel" }
  | { type: "useHere" }
  | { type: "logout" };
