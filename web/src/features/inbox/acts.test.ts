import { describe, expect, it } from "vitest";
import type { Act, Message } from "#/api/types";
import { actsAfter, possibleActs, sameEmoji, withAct } from "#/features/inbox/acts";

const now = Date.parse("2026-11-22T12:00:00Z");

function message(more: Partial<Message> = {}): Message {
  return {
    id: "msg_1",
    chat_id: "chat_1",
    key: "A",
    direction: "out",
    kind: "text",
    text: "hello",
    sent_at: new Date(now - 60_000).toISOString(),
    sent_at_certain: true,
    ack: "read",
    failed: false,
    edited: false,
    forwarded: false,
    source: "row",
    order_key: "a",
    ...more,
  };
}

function act(more: Partial<Act> = {}): Act {
  return {
    id: "act_1",
    chat_id: "chat_1",
    message_id: "msg_1",
    client_key: "k",
    wish: { kind: "star", on: true },
    state: "queued",
    created_at: new Date(now).toISOString(),
    ...more,
  };
}

describe("what can be done to a message", () => {
  it("offers ours to be edited for 15 minutes and taken back for 60 hours", () => {
    const at = (minutes: number): Message => message({ sent_at: new Date(now - minutes * 60_000).toISOString() });
    expect(possibleActs(at(14), now)).toMatchObject({ edit: true, deleteForEveryone: true });
    expect(possibleActs(at(16), now)).toMatchObject({ edit: false, deleteForEveryone: true });
    expect(possibleActs(at(61 * 60), now)).toMatchObject({ deleteForEveryone: false, deleteForMe: true });
  });

  it("offers neither for theirs, for a picture, nor for what is not handed in", () => {
    expect(possibleActs(message({ direction: "in" }), now)).toMatchObject({ edit: false, deleteForEveryone: false });
    expect(possibleActs(message({ kind: "image" }), now)).toMatchObject({ edit: false, deleteForEveryone: true });
    expect(possibleActs(message({ forwarded: true }), now)).toMatchObject({ edit: false });
    expect(possibleActs(message({ ack: "pending" }), now)).toMatchObject({ mark: false, deleteForEveryone: false });
  });

  it("offers little on a deleted message and nothing on one that was only seen in the list", () => {
    expect(possibleActs(message({ kind: "deleted" }), now)).toEqual({
      copy: false,
      reply: false,
      mark: false,
      edit: false,
      forward: false,
      deleteForMe: true,
      deleteForEveryone: false,
    });
    const seen = possibleActs(message({ source: "list", key: null }), now);
    expect([seen.mark, seen.forward, seen.deleteForMe]).toEqual([false, false, false]);
  });

  it("offers an answer where WhatsApp has a quote for it", () => {
    for (const kind of ["text", "image", "voice", "document", "poll"] as const)
      expect(possibleActs(message({ kind }), now).reply).toBe(true);
    for (const more of [
      { kind: "call" },
      { direction: "unknown" },
      { failed: true },
      { source: "list", key: null },
    ] as const)
      expect(possibleActs(message(more), now).reply).toBe(false);
  });

  it("takes a heart for a heart", () => {
    expect(sameEmoji("❤️", "❤")).toBe(true);
    expect(sameEmoji("👍", "👍🏽")).toBe(false);
  });
});

describe("open acts", () => {
  it("replaces the page's own line by the server's and drops what is over", () => {
    const local = act({ id: "local_k" });
    const told = withAct([local], act({ state: "doing" }));
    expect(told.map((one) => [one.id, one.state])).toEqual([["act_1", "doing"]]);
    const over = actsAfter(told, "chat_1", { type: "act.updated", act: act({ state: "done" }) });
    expect(over).toEqual([]);
    const other = actsAfter(told, "chat_2", { type: "act.updated", act: act({ state: "done" }) });
    expect(other).toBe(told);
  });

  it("keeps what failed and what nobody can tell", () => {
    for (const state of ["failed", "uncertain"] as const)
      expect(withAct([act()], act({ state })).map((one) => one.state)).toEqual([state]);
  });
});
