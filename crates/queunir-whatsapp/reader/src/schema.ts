// What the reader says; the Rust side (`page/raw.rs`) refuses anything else.

import type { Report } from "./anchors";
import { area, maybe } from "./element";

export type Screen =
  | "blank"
  | "startup"
  | "syncing"
  | "qr"
  | "qr_wait"
  | "qr_idle"
  | "phone_login"
  | "main"
  | "another_session"
  | "conflict"
  | "offline"
  | "blocked"
  | "logged_out"
  | "locked"
  | "passkey"
  | "unsupported"
  | "unknown";

export interface Dialog {
  present: boolean;
  known?: string;
  text?: string;
  x: number;
  y: number;
}

export interface State {
  v: 1;
  kind: "state";
  visible: boolean;
  generation: string;
  lang?: string | undefined;
  screen: Screen;
  qr?: string | undefined;
  link_code?: string | undefined;
  sync_percent?: number | undefined;
  own_title?: string | undefined;
  offline: boolean;
  dialog?: Dialog | undefined;
}

export interface ListRow {
  title: string;
  y: number;
  height: number;
  position: number;
  time: string;
  preview?: string | undefined;
  author?: string | undefined;
  ack_icon?: string | undefined;
  ack_colours: string[];
  media_icon?: string | undefined;
  unread_label?: string | undefined;
  unread_badge: boolean;
  pinned: boolean;
  muted: boolean;
  archived: boolean;
  typing: boolean;
  draft: boolean;
  avatar?: string | undefined;
  /** Stands for the address of the chat's own picture. */
  picture?: string | undefined;
  yourself: boolean;
  selected: boolean;
}

export interface List {
  v: 1;
  kind: "list";
  /** Tells this document from all others. */
  document: string;
  /** Rises from one look at this document's lists to the next. */
  look: number;
  visible: boolean;
  present: boolean;
  searching: boolean;
  lang?: string | undefined;
  total?: number | undefined;
  complete: boolean;
  rows: ListRow[];
  health?: Report;
}

export interface Row {
  row: "message" | "marker" | "notice" | "divider" | "start";
  id?: string | undefined;
  drawn: boolean;
  text?: string | undefined;
  cut?: boolean | undefined;
  kind?: string | undefined;
  class?: string | undefined;
  tail?: string | undefined;
  status?: boolean | undefined;
  author_label?: string | undefined;
  author?: string | undefined;
  pre?: string | undefined;
  side?: string | undefined;
  clock?: string | undefined;
  ack_label?: string | undefined;
  ack_icon?: string | undefined;
  ack_colours?: string[] | undefined;
  failed?: boolean | undefined;
  quoted?: { sender?: string | undefined; text: string } | undefined;
  meta?: string[] | undefined;
  meta_labels?: string[] | undefined;
  forwarded?: boolean | undefined;
  starred?: boolean | undefined;
  pinned?: boolean | undefined;
  reactions?: string[] | undefined;
  media?:
    | { name?: string | undefined; duration?: string | undefined; size?: string | undefined; files?: string[] }
    | undefined;
  subtype?: string | undefined;
}

export interface Conversation {
  v: 1;
  kind: "conversation";
  visible: boolean;
  open: boolean;
  lang?: string | undefined;
  title: string;
  subtitle?: string | undefined;
  avatar?: string | undefined;
  composer_label?: string | undefined;
  rows: Row[];
  pieces?: number;
  at_start: boolean;
  at_end: boolean;
  offline: boolean;
  writable: boolean;
  health?: Report;
}

export interface Point {
  present: boolean;
  x: number;
  y: number;
}

/** Centre of an element in viewport coordinates. */
export function centre(element: Element | null): Point {
  const box = maybe(element, area);
  return box
    ? { present: true, x: box.left + box.width / 2, y: box.top + box.height / 2 }
    : { present: false, x: 0, y: 0 };
}

/** Bytes of a value as it is told; exact only where that is near a limit. */
export function bytes(value: unknown): number {
  const text = JSON.stringify(value);
  return text.length * 3 < MAX_BYTES ? text.length : new TextEncoder().encode(text).length;
}

export const MAX_LIST = 3_000;
export const MAX_ROWS = 1_400;
export const MAX_BYTES = 900_000;
