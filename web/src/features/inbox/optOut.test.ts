import { expect, test } from "vitest";
import type { Chat, Message } from "#/api/types";
import { answerUntil, suggestion } from "#/features/inbox/optOut";

const noon = Date.parse("2026-11-22T12:00:00Z");
const hours = (n: number): string => new Date(noon + n * 3_600_000).toISOString();
const chat = { id: "chat_1", kind: "contact" } as Chat;

function said(text: string, at: number, more: Partial<Message> = {}): Message {
  return { id: text, direction: "in", text, sent_at: hours(at), sent_at_certain: true, ...more } as Message;
}

test("a customer who opted out is answered for a day after a later message and not otherwise", () => {
  expect(answerUntil(hours(-30), [], noon)).toBeNull();
  expect(answerUntil(hours(-3), [said("STOP", -4)], noon)).toBeNull();
  expect(answerUntil(hours(-30), [said("Hello?", -25)], noon)).toBeNull();
  expect(answerUntil(hours(-30), [said("Hello?", -2), said("ours", -1, { direction: "out" })], noon)).toBe(
    Date.parse(hours(22)),
  );
  expect(answerUntil(hours(-30), [said("Hello?", -2, { sent_at_certain: false })], noon)).toBeNull();
});

test("a last message that says one of the words and nothing else suggests it, however it is written", () => {
  const words = ["STOP", "SAIR", "NO MÁS"];
  for (const text of ["STOP", "stop.", " Sair!! ", "no mas", "No  más 🙏"])
    expect(suggestion(chat, [said("Hi", -2), said(text, -1)], words)?.text, text).toBe(text);
  for (const text of ["Do not stop", "sair agora?", "", "🙏"])
    expect(suggestion(chat, [said(text, -1)], words), text).toBeNull();
});

test("nothing is suggested of a later message, of ours, of a group, or of what somebody has looked at", () => {
  const words = ["STOP"];
  expect(suggestion(chat, [said("STOP", -2), said("Is it ready?", -1)], words)).toBeNull();
  expect(suggestion(chat, [said("STOP", -2, { direction: "out" })], words)).toBeNull();
  expect(suggestion({ ...chat, kind: "group" }, [said("STOP", -2)], words)).toBeNull();
  expect(suggestion({ ...chat, opt_out: { at: hours(-1), reason: "asked" } }, [said("STOP", -2)], words)).toBeNull();
  const declined = { ...chat, opt_out_declined: "STOP" };
  expect(suggestion(declined, [said("STOP", -2)], words)).toBeNull();
  expect(suggestion(declined, [said("STOP", -2), said("Stop!", 0)], words)).not.toBeNull();
});
