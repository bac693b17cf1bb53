//! The words of the API, by hand from core until the description is generated; the only file that changes then.

export type ReadingMode = "background" | "on_open";
export type Role = "owner" | "agent";

export interface Me {
  id: string;
  email: string;
  role: Role;
  locale: string;
  has_slice: boolean;
  reading_mode?: ReadingMode | null;
}

export interface Config {
  sign_up: boolean;
  billing: boolean;
  phone_url?: string | null;
  version: string;
}

export type Desired = "stopped" | "service" | "linked" | "deleted";
export type Phase =
  | "requested"
  | "provisioning"
  | "starting"
  | "service"
  | "qr"
  | "linked"
  | "degraded"
  | "stopped"
  | "failed";
export type StopReason = "idle" | "user" | "billing" | "admin" | "drain" | "qr_timeout" | "logged_out";

export interface SliceView {
  desired?: Desired | null;
  phase?: Phase | null;
  stop_reason?: StopReason | null;
  wanted_at?: string | null;
  phase_since?: string | null;
}

export type PageState =
  | "no_browser"
  | "starting"
  | "qr"
  | "qr_timeout"
  | "syncing"
  | "linked"
  | "offline"
  | "conflict"
  | "logged_out"
  | "passkey_required"
  | "unsupported_browser"
  | "blocked"
  | "unknown";

export interface QrCode {
  value: string;
  number: number;
  of: number;
  shown_at: string;
  expires_at: string;
}

export interface Link {
  state: PageState;
  qr?: QrCode | null;
  sync_percent?: number | null;
  chats_found: number;
  first_list_complete: boolean;
  phone?: string | null;
  reading_mode?: ReadingMode | null;
  since: string;
  certain_until?: string | null;
  stop_reason?: StopReason | null;
}

export type ChatKind = "contact" | "group" | "yourself" | "unknown";
export type Ack = "pending" | "sent" | "delivered" | "read" | "played";

export interface Preview {
  text: string;
  from_me: boolean;
  ack?: Ack | null;
  at?: string | null;
  time_text?: string | null;
}

export interface Chat {
  id: string;
  title: string;
  phone?: string | null;
  kind: ChatKind;
  preview?: Preview | null;
  unread: number;
  marked_unread: boolean;
  not_read_yet: number;
  pinned: boolean;
  muted: boolean;
  archived: boolean;
  ambiguous: boolean;
  position?: number | null;
  history_complete: boolean;
}

export type Direction = "in" | "out" | "unknown";
export type MessageKind =
  | "text"
  | "image"
  | "video"
  | "gif"
  | "voice"
  | "audio"
  | "document"
  | "sticker"
  | "location"
  | "contact"
  | "poll"
  | "album"
  | "call"
  | "view_once"
  | "undecrypted"
  | "deleted"
  | "unknown";

export interface Quote {
  sender?: string | null;
  text: string;
}

export interface Message {
  id: string;
  chat_id: string;
  key?: string | null;
  direction: Direction;
  sender?: string | null;
  kind: MessageKind;
  text: string;
  sent_at?: string | null;
  sent_at_certain: boolean;
  ack?: Ack | null;
  failed: boolean;
  quoted?: Quote | null;
  edited: boolean;
  forwarded: boolean;
  source: "row" | "list";
  order_key: string;
}

export type OutgoingState = "queued" | "leased" | "composing" | "intent" | "sent" | "canceled" | "failed" | "uncertain";

export interface Outgoing {
  id: string;
  chat_id: string;
  client_key: string;
  text: string;
  state: OutgoingState;
  message_id?: string | null;
  reason?: string | null;
  created_at: string;
}

export interface MessagePage {
  /** Oldest first. */
  messages: Message[];
  /** Whether older ones are stored. */
  more: boolean;
}

export interface Opened {
  opened: boolean;
  reason?: string | null;
}

/** What happened, stored and numbered. */
export type StoredEvent =
  | { type: "message.stored"; message: Message }
  | { type: "message.updated"; message: Message }
  | { type: "message.removed"; chat_id: string; message_id: string }
  | { type: "chat.updated"; chat: Chat }
  | { type: "outgoing.updated"; outgoing: Outgoing };

/** How things are, sent on every connect and on change. */
export type Snapshot =
  | { type: "slice"; slice: SliceView }
  | { type: "link"; link: Link }
  | { type: "reset"; last_event_id: number };

export type ServerEvent = StoredEvent | Snapshot;
export type EventName = ServerEvent["type"];
export type EventNamed<N extends EventName> = Extract<ServerEvent, { type: N }>;
