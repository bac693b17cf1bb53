// The words that server and page exchange; PROTOCOL.md is the text of this contract.

export type Ack = "pending" | "sent" | "delivered" | "read" | "failed";

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
  unread: number;
  markedUnread: boolean;
  lastAt: number;
  last: LastMessage | null;
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
  ack: Ack | null;
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
    }
  | { type: "message"; chat: string; message: Message }
  | { type: "rekey"; chat: string; tempId: string; key: string; at: number }
  | { type: "ack"; chat: string; key: string; ack: Ack }
  | { type: "typing"; chat: string; on: boolean; author: string | null }
  | { type: "presence"; chat: string; state: "online" | "lastSeen" | "none"; at: number | null }
  | { type: "anotherSession" }
  | { type: "loggedOut" }
  | { type: "offline"; on: boolean }
  | { type: "speed"; speed: number }
  | { type: "dialog"; id: string; title: string | null; text: string; ok: string; cancel: string | null }
  | { type: "hang"; ms: number }
  | { type: "blank" }
  | { type: "swallow" };

export type ToServer =
  | { type: "hello"; device: Device | null; locale: string | null; userAgent: string; visible: boolean }
  | { type: "reloadQr" }
  | { type: "openChat"; chat: string }
  | { type: "leaveChat" }
  | { type: "focus"; chat: string | null; visible: boolean }
  | { type: "send"; chat: string; tempId: string; text: string }
  | { type: "loadOlder"; chat: string; beforeKey: string; count: number }
  | { type: "typing"; chat: string; on: boolean }
  | { type: "dialogClosed"; id: string; button: "ok" | "cancel" }
  | { type: "useHere" }
  | { type: "logout" };
