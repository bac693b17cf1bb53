import { expect, test } from "vitest";
import type { Join } from "#/api/types";
import { becomes, reasonOf } from "#/features/inbox/joins";

const join: Join = {
  id: "join_1",
  state: "joined",
  evidence: "messages",
  from_chat: "chat_a",
  into_chat: "chat_b",
  name: "Maria",
  into_name: "+55 11 98888-7777",
  phone: "+5511988887777",
  messages: 3,
  found_at: "2026-11-22T12:00:00Z",
  changed_at: "2026-11-22T12:00:00Z",
  by_person: false,
};

test("a conversation leads to the one that it was joined with, as long as it is", () => {
  expect(becomes([join], "chat_a")).toBe("chat_b");
  expect(becomes([join], "chat_b")).toBeNull();
  expect(becomes([{ ...join, state: "undone" }], "chat_a")).toBeNull();
});

test("what a person said is the reason, whatever led to the question", () => {
  expect(reasonOf(join)).toBe("joins.because_messages");
  expect(reasonOf({ ...join, evidence: "name", by_person: true })).toBe("joins.because_person");
});
