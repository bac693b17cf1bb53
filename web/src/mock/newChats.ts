// Conversations begun by a number, and how many first messages there may be, as the mock server has it.
import type { Chat, FirstContacts, NewChat } from "#/api/types";
import { type Answer, type Desk, ok, problem } from "#/mock/answers";
import { hex } from "#/mock/shop";

/** How long WhatsApp is asked. */
const searchMs = 1_500;

export class MockNewChats {
  #firstContacts: FirstContacts = { per_day: 5, limit: 5, used: 1 };
  readonly #searches = new Map<string, NewChat>();
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  answer(method: string, path: string, body: Record<string, unknown>): Answer | null {
    if (path === "/api/settings/first-contacts") return method === "PUT" ? this.#limit(body) : ok(this.#firstContacts);
    if (path === "/api/new-chats") return this.#begin(String(body.phone));
    const asked = /^\/api\/new-chats\/([0-9a-f-]+)$/.exec(path);
    if (!asked) return null;
    const search = this.#searches.get(asked[1] ?? "");
    return search ? ok(search) : problem(404, "not_found");
  }

  #limit({ per_day }: Record<string, unknown>): Answer {
    if (typeof per_day !== "number" || per_day < 1 || per_day > 20)
      return problem(422, "invalid", { fields: { per_day: "out_of_range" } });
    this.#firstContacts = { ...this.#firstContacts, per_day, limit: per_day };
    return ok(this.#firstContacts);
  }

  /** Numbers that end in 0000 are nobody's. */
  #begin(phone: string): Answer {
    if (!/^\+\d{7,15}$/.test(phone)) return problem(422, "invalid", { fields: { phone: "wrong_length" } });
    const known = this.#desk.shop.chats.find((chat) => `+${chat.phone?.replace(/\D/g, "")}` === phone);
    const begun: NewChat = { id: crypto.randomUUID(), number: phone, state: "looking" };
    if (known) return ok({ ...begun, state: "opened", chat_id: known.id, opened_as: phone });
    this.#searches.set(begun.id, begun);
    setTimeout(() => this.#end(begun), searchMs);
    return { status: 202, body: begun };
  }

  #end(begun: NewChat): void {
    const ended: NewChat = begun.number.endsWith("0000")
      ? { ...begun, state: "failed", reason: "not_on_whatsapp" }
      : { ...begun, state: "opened", opened_as: begun.number, chat_id: this.#list(begun.number).id };
    this.#searches.set(begun.id, ended);
  }

  #list(phone: string): Chat {
    const { shop } = this.#desk;
    const [like] = shop.chats;
    if (!like) throw new Error("the shop has no chats");
    const id = `chat_${hex(5_000 + this.#searches.size)}`;
    const chat: Chat = { ...like, id, title: phone, phone, kind: "contact", preview: null, unread: 0, not_read_yet: 0 };
    shop.chats = [...shop.chats, chat];
    shop.messages.set(id, []);
    this.#desk.emit({ type: "chat.updated", chat });
    return chat;
  }
}
