// What the page knows: chats, the open conversation, drafts, who is typing; views listen to it.
import type { Prepared } from "./composer/upload.ts";
import { wear } from "./generation.ts";
import { type Texts, textsFor } from "./locale/texts.ts";
import { Clock } from "./locale/time.ts";
import type { Ack, ChatRow, Config, Found, Info, Message, Pin, Quoted } from "./protocol.ts";

export type Topic =
  | "chats"
  | "messages"
  | "older"
  | "opened"
  | "header"
  | "offline"
  | "info"
  | "banners"
  | "focus"
  | "quoting"
  | "pins";

export interface Conversation {
  chat: string;
  messages: Message[];
  atStart: boolean;
  /** Incoming messages that were unread before opening; draws the divider. */
  unread: number;
}

export interface Presence {
  state: "online" | "lastSeen" | "none";
  at: number | null;
}

/** A message that is being answered. */
export interface Answered {
  key: string;
  quoted: Quoted;
}

/** A message of ours that the server has not answered yet. */
export interface Submission {
  chat: string;
  tempId: string;
  text: string;
  at: number;
  /** What it answers. */
  quotes?: Answered | null;
  /** Its file; `uploaded` is what the server calls the bytes once it has them. */
  file?: Prepared & { uploaded: string | null };
}

export class Model {
  texts: Texts = textsFor("en");
  clock = new Clock(this.texts, true, null);
  config: Config = { locale: "en", hour12: true, speed: 1, ownName: null, ownPhone: null, timeZone: null };
  chats = new Map<string, ChatRow>();
  typing = new Map<string, string | null>();
  presence = new Map<string, Presence>();
  drafts = new Map<string, string>();
  submissions = new Map<string, Submission>();
  /** New key to former key, for rows that were drawn under a key of the page's own. */
  renamed = new Map<string, string>();
  /** The chat the person chose; its conversation may still be on its way. */
  selected: string | null = null;
  open: Conversation | null = null;
  offline = false;
  loadingOlder = false;
  /** Older messages exist, but only the phone has them. */
  olderOnPhone = false;
  /** What the open info panel shows. */
  info: Info | null = null;
  /** Messages that the last search found. */
  found: { query: string; messages: Found[] } = { query: "", messages: [] };
  banners: { id: string; title: string; body: string }[] = [];
  /** How much of the history has arrived, while it still comes. */
  history: number | null = null;
  /** What the next message answers, by chat. */
  quoting = new Map<string, Answered>();
  /** What stands above the conversations. */
  pins = new Map<string, Pin[]>();
  /** A row that a trouble draws twice, or whose markup nobody expects. */
  odd: { what: string; key: string } | null = null;

  private readonly listeners = new Map<Topic, Set<() => void>>();

  on(topic: Topic, listener: () => void): () => void {
    const set = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, set.add(listener));
    return () => set.delete(listener);
  }

  tell(topic: Topic): void {
    for (const listener of this.listeners.get(topic) ?? []) listener();
  }

  configure(config: Config): void {
    const ownName = config.ownName ?? this.config.ownName;
    const ownPhone = config.ownPhone ?? this.config.ownPhone;
    this.config = { ...config, ownName, ownPhone };
    wear(config.generation ?? "g3");
    this.texts = textsFor(config.locale);
    this.clock = new Clock(this.texts, config.hour12, config.timeZone);
  }

  /** Milliseconds of real time for a duration of the simulated world. */
  duration(ms: number): number {
    return ms / Math.max(this.config.speed, 0.01);
  }

  /** What `data-pre-plain-text` calls us. */
  ownName(): string {
    return this.config.ownName || this.config.ownPhone || "";
  }

  /**
   * Chats in list order; archived ones apart, and only the newest while the history still comes. One that was begun by
   * its number comes with its first message.
   */
  ordered(archived = false): ChatRow[] {
    return this.arrived()
      .filter((chat) => chat.archived === archived && !(chat.begun && chat.last === null))
      .sort(before);
  }

  private arrived(): ChatRow[] {
    const chats = [...this.chats.values()];
    if (this.history === null) return chats;
    chats.sort((a, b) => b.lastAt - a.lastAt);
    return chats.slice(0, Math.ceil((chats.length * this.history) / 100));
  }

  addMessages(messages: Message[], atStart: boolean): void {
    if (!this.open) return;
    const known = new Set(this.open.messages.map((message) => message.key));
    const fresh = messages.filter((message) => !known.has(message.key));
    this.open = { ...this.open, messages: [...fresh, ...this.open.messages], atStart };
  }

  upsertMessage(chat: string, message: Message): void {
    if (this.open?.chat !== chat) return;
    const messages = [...this.open.messages];
    const index = messages.findLastIndex((known) => known.key === message.key);
    if (index >= 0) messages[index] = message;
    else messages.push(message);
    this.open = { ...this.open, messages };
    this.tell("messages");
  }

  removeMessage(chat: string, key: string): void {
    if (this.open?.chat !== chat) return;
    this.open = { ...this.open, messages: this.open.messages.filter((known) => known.key !== key) };
    this.tell("messages");
  }

  /** The next message of a chat answers this one, or nothing. */
  quote(chat: string, message: Message | null): void {
    if (message) this.quoting.set(chat, { key: message.key, quoted: quotedOf(message) });
    else this.quoting.delete(chat);
    this.tell("quoting");
  }

  changeMessage(chat: string, key: string, change: Partial<Message>): void {
    if (this.open?.chat !== chat) return;
    const messages = this.open.messages.map((known) => (known.key === key ? { ...known, ...change } : known));
    this.open = { ...this.open, messages };
    this.tell("messages");
  }

  /** Gives a submitted message the key the server knows it by; a row that already came under that key wins. */
  rekey(chat: string, tempId: string, key: string, at: number): void {
    this.submissions.delete(tempId);
    if (this.open?.chat !== chat) return;
    if (key !== tempId && this.open.messages.some((known) => known.key === key)) {
      this.open = { ...this.open, messages: this.open.messages.filter((known) => known.key !== tempId) };
      this.tell("messages");
      return;
    }
    if (key !== tempId) this.renamed.set(key, tempId);
    this.changeMessage(chat, tempId, { key, at });
  }

  /** Draws our own message in list and conversation before the server knows it. */
  submit(submission: Submission): void {
    this.submissions.set(submission.tempId, submission);
    this.upsertMessage(submission.chat, this.drawnSubmission(submission));
    const row = this.chats.get(submission.chat);
    if (!row) return;
    const last = {
      author: null,
      fromMe: true,
      text: submission.text,
      kind: submission.file?.attach.kind ?? "text",
      ack: "pending" as Ack,
    };
    this.chats.set(row.id, { ...row, last, lastAt: Math.max(submission.at, row.lastAt) });
    this.tell("chats");
  }

  drawnSubmission(submission: Submission): Message {
    return {
      key: submission.tempId,
      fromMe: true,
      author: this.ownName(),
      authorPhone: null,
      authorPush: null,
      at: submission.at,
      kind: submission.file?.attach.kind ?? "text",
      text: submission.text,
      ack: "pending",
      deleted: false,
      edited: false,
      system: null,
      quoted: submission.quotes?.quoted ?? null,
      ...(submission.file
        ? { media: [submission.file.media], upload: submission.file.uploaded ? null : ("pending" as const) }
        : {}),
    };
  }
}

/** A message as it is drawn inside the one that answers it. */
function quotedOf({ fromMe, author, kind, text, media }: Message): Quoted {
  const file = media?.[0];
  return {
    fromMe,
    author,
    kind,
    text: text || (file?.name ?? ""),
    thumb: file?.thumb ?? null,
    seconds: file?.seconds ?? null,
  };
}

function before(a: ChatRow, b: ChatRow): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  if (a.lastAt !== b.lastAt) return b.lastAt - a.lastAt;
  return a.id < b.id ? -1 : 1;
}
