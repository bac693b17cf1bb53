// Acts on messages, as the mock server does them.
import type { Act, Message, Wish } from "#/api/types";
import { type Answer, type Desk, iso, ok, problem } from "#/mock/answers";
import { hex } from "#/mock/shop";

export class MockActs {
  #open: Act[] = [];
  #number = 0;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  answer(path: string, headers: Headers, body: Record<string, unknown>): Answer | null {
    const asked = /^\/api\/messages\/(msg_[0-9a-f]+)\/acts$/.exec(path);
    if (asked) return this.#begin(asked[1] ?? "", body as unknown as Wish, headers.get("idempotency-key") ?? "");
    const ended = /^\/api\/acts\/(act_[0-9a-f]+)\/(cancel|resolve)$/.exec(path);
    if (ended) return this.#end(ended[1] ?? "", body.outcome === "done" ? "done" : "canceled");
    const listed = /^\/api\/chats\/(chat_[0-9a-f]+)\/acts$/.exec(path);
    return listed && ok({ acts: this.#open.filter((act) => act.chat_id === listed[1]) });
  }

  #set(act: Act): void {
    const others = this.#open.filter((one) => one.id !== act.id);
    this.#open = act.state === "done" || act.state === "canceled" ? others : [...others, act];
    this.#desk.emit({ type: "act.updated", act });
  }

  #begin(messageId: string, wish: Wish, key: string): Answer {
    const message = [...this.#desk.shop.messages.values()].flat().find((one) => one.id === messageId);
    if (!message) return problem(404, "not_found");
    this.#number += 1;
    const act: Act = {
      id: `act_${hex(2_000 + this.#number)}`,
      chat_id: message.chat_id,
      message_id: messageId,
      client_key: key,
      wish,
      state: "queued",
      created_at: iso(this.#desk.now()),
    };
    this.#set(act);
    setTimeout(() => this.#set({ ...act, state: "doing" }), 500);
    setTimeout(() => this.#finish(act, message), 1_400);
    return { status: 202, body: act };
  }

  #finish(act: Act, message: Message): void {
    const { shop } = this.#desk;
    // On the notes to oneself something goes wrong, so that it can be looked at.
    if (message.text.includes("etiquetas")) {
      const doubt = { star: "not_shown", forward: "vanished" }[act.wish.kind as string];
      this.#set({ ...act, state: doubt ? "uncertain" : "failed", reason: doubt ?? "not_offered" });
      return;
    }
    const changed = after(message, act.wish);
    const list = shop.messages.get(message.chat_id) ?? [];
    shop.messages.set(
      message.chat_id,
      list.map((one) => (one.id === message.id ? changed : one)),
    );
    this.#desk.emit({ type: "message.updated", message: changed });
    if (act.wish.kind === "forward")
      this.#desk.store(act.wish.to, { direction: "out", text: message.text, forwarded: true, ack: "sent" });
    this.#set({ ...act, state: "done" });
  }

  #end(id: string, state: "done" | "canceled"): Answer {
    const act = this.#open.find((one) => one.id === id);
    if (!act) return problem(404, "not_found");
    this.#set({ ...act, state });
    return ok({ ...act, state });
  }
}

/** A message as an act leaves it. */
function after(message: Message, wish: Wish): Message {
  switch (wish.kind) {
    case "react":
      return {
        ...message,
        reactions: [
          ...(message.reactions ?? []).filter((reaction) => !reaction.ours),
          ...(wish.emoji ? [{ emoji: wish.emoji, count: 1, ours: true }] : []),
        ],
      };
    case "star":
      return { ...message, starred: wish.on };
    case "pin":
      return { ...message, pinned: Boolean(wish.duration) };
    case "edit":
      return { ...message, text: wish.text, edited: true };
    case "delete_for_me":
      return { ...message, kind: "deleted", deleted_for_me: true };
    case "delete_for_everyone":
      return { ...message, kind: "deleted" };
    case "forward":
      return message;
  }
}
