// A server in the page: answers like the gateway and the slice, in one of several scenes.
import type {
  Activity,
  Chat,
  ChatHistory,
  Collection,
  Config,
  Contact,
  Link,
  Me,
  Message,
  MessagePage,
  Outgoing,
  ServerEvent,
  SliceView,
  StoredEvent,
} from "#/api/types";
import { MockActs } from "#/mock/acts";
import { type Answer, type Desk, iso, ok, problem } from "#/mock/answers";
import { MockNewChats } from "#/mock/newChats";
import { type Scene, stateOf } from "#/mock/scenes";
import { contactOf, hex, orderKey, type Shop } from "#/mock/shop";

/** State and answers; `send` reaches the open streams. */
export class MockServer implements Desk {
  me: Me | null;
  slice: SliceView;
  link: Link | null;
  shop: Shop;
  activity: Activity = { loading: [] };
  collection: Collection = {
    state: "working",
    chats: 340,
    collected: 123,
    failed: 2,
    ambiguous: 1,
    messages: 45_210,
    chat_id: null,
  };
  readonly gaps: ChatHistory["gaps"];
  private number = 0;
  private readonly listeners = new Set<(event: ServerEvent, id: number | null) => void>();
  private readonly keys = new Map<string, Outgoing>();
  private readonly contacts = new Map<string, Contact>();
  private readonly acts = new MockActs(this);
  private readonly newChats = new MockNewChats(this);

  constructor(
    readonly scene: Scene,
    readonly now: () => number = Date.now,
  ) {
    const { me, slice, link, shop, gaps } = stateOf(scene, now());
    this.me = me;
    this.slice = slice;
    this.link = link;
    this.shop = shop;
    this.gaps = gaps;
  }

  private past(chatId: string): ChatHistory {
    const messages = this.shop.messages.get(chatId) ?? [];
    return { messages: messages.length, provisional: 0, gaps: this.gaps.filter((gap) => gap.chat_id === chatId) };
  }

  /** Adds a stream and gives it the snapshots. */
  connect(listener: (event: ServerEvent, id: number | null) => void): () => void {
    this.listeners.add(listener);
    listener({ type: "slice", slice: this.slice }, null);
    if (this.link) listener({ type: "link", link: this.link }, null);
    listener({ type: "activity", activity: this.activity }, null);
    listener({ type: "collection", collection: this.collection }, null);
    return () => this.listeners.delete(listener);
  }

  /** Sends a stored event to every stream. */
  emit(event: StoredEvent): void {
    this.number += 1;
    for (const listener of this.listeners) listener(event, this.number);
  }

  setSlice(slice: SliceView): void {
    this.slice = slice;
    for (const listener of this.listeners) listener({ type: "slice", slice }, null);
  }

  setLink(link: Link): void {
    this.link = link;
    for (const listener of this.listeners) listener({ type: "link", link }, null);
  }

  private chat(id: string): Chat | undefined {
    return this.shop.chats.find((chat) => chat.id === id);
  }

  /** Stores a message with its events, and moves its chat to the top. */
  store(chatId: string, message: Pick<Message, "direction" | "text"> & Partial<Message>): Message {
    const list = this.shop.messages.get(chatId) ?? [];
    const stored: Message = {
      id: `msg_${hex(900_000 + this.number)}`,
      chat_id: chatId,
      key: `3EB0${this.number}`,
      kind: "text",
      sent_at: iso(this.now()),
      sent_at_certain: true,
      failed: false,
      edited: false,
      forwarded: false,
      source: "row",
      order_key: orderKey(5_000 + this.number),
      ...message,
    };
    this.shop.messages.set(chatId, [...list, stored]);
    this.emit({ type: "message.stored", message: stored });
    this.raise(chatId, stored);
    return stored;
  }

  private raise(chatId: string, last: Message): void {
    const order = [...this.shop.chats].sort((a, b) =>
      a.id === chatId ? -1 : b.id === chatId ? 1 : (a.position ?? 0) - (b.position ?? 0),
    );
    for (const [position, chat] of order.entries()) {
      const changed: Chat = { ...chat, position };
      if (chat.id === chatId)
        changed.preview = {
          text: last.text,
          from_me: last.direction === "out",
          ack: last.ack ?? null,
          at: last.sent_at ?? null,
        };
      this.shop.chats = this.shop.chats.map((one) => (one.id === chat.id ? changed : one));
      if (chat.id === chatId || chat.position !== position) this.emit({ type: "chat.updated", chat: changed });
    }
  }

  /** Changes the delivery state of a stored message. */
  acknowledge(message: Message, ack: NonNullable<Message["ack"]>): void {
    const changed: Message = { ...message, ack };
    const list = this.shop.messages.get(message.chat_id) ?? [];
    this.shop.messages.set(
      message.chat_id,
      list.map((one) => (one.id === message.id ? changed : one)),
    );
    this.emit({ type: "message.updated", message: changed });
  }

  private setOutgoing(line: Outgoing): void {
    const others = (this.shop.outgoing.get(line.chat_id) ?? []).filter((one) => one.id !== line.id);
    this.shop.outgoing.set(
      line.chat_id,
      line.state === "sent" || line.state === "canceled" ? others : [...others, line],
    );
    this.emit({ type: "outgoing.updated", outgoing: line });
  }

  /** Answers one request. */
  answer(method: string, url: URL, headers: Headers, body: unknown): Answer {
    if (method !== "GET" && headers.get("x-qn") !== "1") return problem(403, "csrf");
    const path = url.pathname;
    const text = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    if (path === "/api/config")
      return ok({
        sign_up: true,
        billing: false,
        phone_url: "http://localhost:3900/phone",
        version: "mock",
      } satisfies Config);
    if (path === "/auth/login" || path === "/auth/register") return this.enter(path, text);
    if (!this.me) return problem(401, "unauthenticated");
    if (path === "/auth/me") return ok(this.me);
    if (path === "/auth/logout") {
      this.me = null;
      return { status: 204 };
    }
    if (path === "/api/connection") return ok(this.slice);
    if (path === "/api/connect") return this.startLinking(text);
    if (path === "/api/connection/cancel") {
      this.setSlice({ desired: "service", phase: "service", stop_reason: "user" });
      return { status: 204 };
    }
    if (path === "/api/status/retry") return { status: 202, body: {} };
    if (path === "/api/settings/reading-mode") return ok({ reading_mode: this.me.reading_mode });
    if (path === "/api/settings/opt-out-words") return ok({ words: ["STOP", "PARAR", "SAIR", "BAJA"] });
    if (path === "/api/status/presence") return { status: 204 };
    if (path === "/api/settings/collection") {
      if (method === "PUT") this.collection = { ...this.collection, state: text.paused ? "paused" : "working" };
      for (const listener of this.listeners) listener({ type: "collection", collection: this.collection }, null);
      return ok(this.collection);
    }
    if (!this.slice.phase && this.scene !== "walk") return problem(409, "no_slice");
    return this.inboxAnswer(method, path, url, headers, text);
  }

  private enter(path: string, body: Record<string, unknown>): Answer {
    const password = String(body.password);
    if (password === "throttle-me-please") return problem(429, "throttled", {}, { "retry-after": "42" });
    if (path === "/auth/login" && password.startsWith("wrong")) return problem(401, "bad_credentials");
    if (path === "/auth/register" && String(body.email).startsWith("taken")) return problem(409, "email_taken");
    if (path === "/auth/register" && password.includes("password"))
      return problem(422, "invalid", { fields: { password: "common" } });
    this.me = { id: `user_${hex(1)}`, email: String(body.email), role: "owner", locale: "en", has_slice: false };
    return ok(this.me);
  }

  private startLinking(body: Record<string, unknown>): Answer {
    if (!this.me?.reading_mode && !body.reading_mode) return problem(422, "reading_mode_required");
    this.setSlice({ desired: "linked", phase: "starting", wanted_at: iso(this.now()), phase_since: iso(this.now()) });
    return { status: 202, body: { status: "provisioned" } };
  }

  private inboxAnswer(method: string, path: string, url: URL, headers: Headers, body: Record<string, unknown>): Answer {
    if (path === "/api/chats") return ok({ chats: this.shop.chats });
    if (/^\/api\/chats\/\w+\/gaps\/\w+\/retry$/.test(path)) return { status: 202 };
    const person = /^\/api\/chats\/(chat_[0-9a-f]+)\/contact(\/read)?$/.exec(path);
    if (person) return this.contact(person[1] ?? "", person[2] !== undefined);
    if (/^\/api\/media\/\w+\/retry$/.test(path)) return { status: 202, body: {} };
    const line = /^\/api\/outgoing\/(out_[0-9a-f]+)\/(cancel|resolve)$/.exec(path);
    const elsewhere = this.acts.answer(path, headers, body) ?? this.newChats.answer(method, path, body);
    if (elsewhere) return elsewhere;
    if (line) return this.decide(line[1] ?? "", line[2] === "cancel" ? "cancel" : String(body.outcome));
    const [, chatId = "", rest = ""] = /^\/api\/chats\/(chat_[0-9a-f]+)\/?(\w*)$/.exec(path) ?? [];
    const chat = this.chat(chatId);
    if (!chat) return problem(404, "not_found");
    switch (`${method} ${rest}`) {
      case "GET ":
        return ok(chat);
      case "GET messages":
        return ok(this.page(chatId, url.searchParams.get("before")));
      case "GET outgoing":
        return ok({ outgoing: this.shop.outgoing.get(chatId) ?? [] });
      case "POST messages":
        return this.take(chatId, String(body.text), headers.get("idempotency-key") ?? "");
      case "POST open":
        return ok({ opened: true });
      case "POST close":
        return { status: 204 };
      case "POST older":
        return ok({ outcome: chat.older === "may_come" ? "nothing" : chat.older, messages: 0 });
      case "GET joins":
        return ok({ joins: [] });
      case "GET history":
        return ok(this.past(chatId));
      default:
        return problem(404, "not_found");
    }
  }

  /** What is known of a person; asked for, the info panel is read a moment later. */
  private contact(chatId: string, asked: boolean): Answer {
    const chat = this.chat(chatId);
    if (!chat) return problem(404, "not_found");
    const known = this.contacts.get(chatId) ?? contactOf(chat, this.now());
    this.contacts.set(chatId, known);
    if (!asked) return ok(known);
    const tell = (contact: Contact): void => {
      this.contacts.set(chatId, contact);
      this.emit({ type: "contact.updated", chat_id: chatId });
    };
    tell({ ...known, panel: "wanted" });
    setTimeout(() => tell({ ...known, panel: "read", read_at: iso(this.now()) }), 1_500);
    return { status: 202, body: {} };
  }

  /** One page of messages, as the slice cuts it. */
  page(chatId: string, before: string | null, limit = 50): MessagePage {
    const all = (this.shop.messages.get(chatId) ?? []).filter((one) => before === null || one.order_key < before);
    const sorted = all.sort((a, b) => (a.order_key < b.order_key ? -1 : 1));
    return { messages: sorted.slice(-limit), more: sorted.length > limit };
  }

  private decide(id: string, outcome: string): Answer {
    const line = [...this.shop.outgoing.values()].flat().find((one) => one.id === id);
    if (!line) return problem(404, "not_found");
    const decided: Outgoing = { ...line, state: outcome === "sent" ? "sent" : "canceled" };
    this.setOutgoing(decided);
    if (outcome === "sent") this.store(line.chat_id, { direction: "out", text: line.text, ack: "sent" });
    return ok(decided);
  }

  private take(chatId: string, text: string, key: string): Answer {
    const known = this.keys.get(key);
    if (known) return known.text === text ? { status: 202, body: known } : problem(409, "key_reused");
    if (text.trim() === "") return problem(422, "empty_text");
    const line: Outgoing = {
      id: `out_${hex(1_000 + this.keys.size)}`,
      chat_id: chatId,
      client_key: key,
      text,
      state: "queued",
      created_at: iso(this.now()),
    };
    this.keys.set(key, line);
    this.setOutgoing(line);
    setTimeout(() => this.setOutgoing({ ...line, state: "composing" }), 700);
    setTimeout(() => {
      const message = this.store(chatId, { direction: "out", text, ack: "sent" });
      this.setOutgoing({ ...line, state: "sent", message_id: message.id });
      setTimeout(() => this.acknowledge(message, "delivered"), 900);
      setTimeout(() => this.acknowledge(message, "read"), 2_000);
    }, 1_500);
    return { status: 202, body: line };
  }
}
