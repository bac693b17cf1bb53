// How messages become rows.
import { describe, expect, it } from "vitest";
import type { Gap, Message, Outgoing } from "#/api/types";
import { isFewEmoji } from "#/features/inbox/emoji";
import { stageOf, tickOf } from "#/features/inbox/ticks";
import { timeline } from "#/features/inbox/timeline";

const at = (day: number, minute: number): string => new Date(2026, 10, day, 12, minute).toISOString();

function message(id: string, sent_at: string | null, more: Partial<Message> = {}): Message {
  return {
    id,
    chat_id: "chat",
    direction: "in",
    kind: "text",
    text: id,
    sent_at,
    sent_at_certain: true,
    failed: false,
    edited: false,
    forwarded: false,
    source: "row",
    order_key: id,
    ...more,
  };
}

const line: Outgoing = {
  id: "out_1",
  chat_id: "chat",
  client_key: "k",
  text: "t",
  state: "queued",
  created_at: at(2, 0),
};

describe("rows of a conversation", () => {
  it("opens each day once and groups what one author wrote together", () => {
    const rows = timeline(
      [
        message("a", at(1, 0)),
        message("b", at(1, 1)),
        message("c", at(1, 30)),
        message("d", at(2, 0), { direction: "out" }),
        message("e", null),
        message("f", at(2, 1)),
      ],
      [line],
      2,
    );
    expect(rows.map((row) => row.type)).toEqual([
      "day",
      "message",
      "message",
      "message",
      "day",
      "message",
      "message",
      "message",
      "unread",
      "outgoing",
    ]);
    const starts = rows.flatMap((row) => (row.type === "message" && row.first ? [row.key] : []));
    expect(starts).toEqual(["a", "c", "d", "e", "f"]);
  });

  it("gives every row its own key", () => {
    const rows = timeline([message("a", at(1, 0)), message("b", at(2, 0))], [line, { ...line, client_key: "l" }], 1);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});

describe("a gap", () => {
  const gap = (state: Gap["state"]): Gap => ({
    id: "gap_1",
    chat_id: "chat",
    state,
    after_id: "b",
    before_id: "c",
    found: 0,
    attempts: 1,
  });
  const messages = [message("a", at(1, 0)), message("b", at(1, 1)), message("c", at(1, 2)), message("d", at(1, 3))];

  it("stands above the message that hangs together with what follows, and parts the group", () => {
    const rows = timeline(messages, [], 0, [gap("open")]);
    expect(rows.map((row) => row.key)).toEqual([expect.stringContaining("day"), "a", "b", "gap_1", "c", "d"]);
    const edges = rows.flatMap((row) => (row.type === "message" ? [[row.first, row.last]] : []));
    expect(edges).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ]);
  });

  it("goes when it is closed, and waits while the message below it is not loaded", () => {
    expect(timeline(messages, [], 0, [gap("closed")]).some((row) => row.type === "gap")).toBe(false);
    expect(timeline(messages.slice(3), [], 0, [gap("open")]).some((row) => row.type === "gap")).toBe(false);
  });
});

describe("signs", () => {
  it("shows ticks for ours only, and none that the page did not show", () => {
    expect(tickOf("in", "read")).toBeNull();
    expect(tickOf("out", null)).toBeNull();
    expect(tickOf("out", "delivered")).toBe("delivered");
  });

  it("offers to cancel only what the server has and has not begun", () => {
    expect(stageOf(line)).toBe("cancelable");
    expect(stageOf({ ...line, id: "local_k" })).toBe("sending");
    expect(stageOf({ ...line, state: "intent" })).toBe("sending");
    expect(stageOf({ ...line, state: "uncertain" })).toBe("uncertain");
  });

  it("knows a gesture from words", () => {
    expect(isFewEmoji("❤️")).toBe(true);
    expect(isFewEmoji("👨‍👩‍👧 🇧🇷")).toBe(false);
    expect(isFewEmoji("😍😍")).toBe(true);
    expect(isFewEmoji("ok 👍")).toBe(false);
    expect(isFewEmoji("3")).toBe(false);
  });
});
