// The mock server begins conversations as the slice does.
import { afterEach, expect, it, vi } from "vitest";
import type { NewChat } from "#/api/types";
import { MockServer } from "#/mock/server";

afterEach(() => void vi.useRealTimers());

function call(server: MockServer, method: string, path: string, body: object | null = null) {
  return server.answer(method, new URL(path, "http://localhost"), new Headers({ "x-qn": "1" }), body);
}

it("a number is looked for, and its chat is listed and told", () => {
  vi.useFakeTimers();
  const server = new MockServer("inbox");
  const told: string[] = [];
  server.connect((event) => told.push(event.type));
  const begun = call(server, "POST", "/api/new-chats", { phone: "+552166660001" });
  expect(begun).toMatchObject({ status: 202, body: { state: "looking", number: "+552166660001" } });
  const { id } = begun.body as NewChat;
  expect(call(server, "GET", `/api/new-chats/${id}`).body).toEqual(begun.body);
  vi.advanceTimersByTime(2_000);
  const { chat_id } = call(server, "GET", `/api/new-chats/${id}`).body as NewChat;
  expect(call(server, "GET", `/api/chats/${chat_id}`)).toMatchObject({ status: 200, body: { phone: "+552166660001" } });
  expect(told.at(-1)).toBe("chat.updated");
  expect(call(server, "POST", "/api/new-chats", { phone: "+552166660001" })).toMatchObject({
    status: 200,
    body: { state: "opened", chat_id },
  });
});

it("a number that nobody has is refused, and so is what is no number", () => {
  vi.useFakeTimers();
  const server = new MockServer("inbox");
  const { id } = call(server, "POST", "/api/new-chats", { phone: "+552195550000" }).body as NewChat;
  vi.advanceTimersByTime(2_000);
  expect(call(server, "GET", `/api/new-chats/${id}`).body).toMatchObject({
    state: "failed",
    reason: "not_on_whatsapp",
  });
  expect(call(server, "POST", "/api/new-chats", { phone: "12" }).status).toBe(422);
});

it("the limit of first messages is kept", () => {
  const server = new MockServer("inbox");
  expect(call(server, "GET", "/api/settings/first-contacts").body).toMatchObject({ per_day: 5 });
  expect(call(server, "PUT", "/api/settings/first-contacts", { per_day: 21 }).status).toBe(422);
  call(server, "PUT", "/api/settings/first-contacts", { per_day: 9 });
  expect(call(server, "GET", "/api/settings/first-contacts").body).toMatchObject({ per_day: 9, limit: 9 });
});
