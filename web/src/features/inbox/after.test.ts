// The law: applying an event to what was fetched equals fetching again.
import { QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import type { Message, StoredEvent } from "#/api/types";
import { apply } from "#/app/events";
import { byPlace, flattened, type Pages, pageAfter, pagesAfter, stillOutgoing } from "#/features/inbox/after";
import { chats, messages, outgoing } from "#/features/inbox/queries";
import { MockServer } from "#/mock/server";
import { hex, orderKey } from "#/mock/shop";

const chatId = `chat_${hex(1)}`;
const pageSize = 5;

/** Everything a browser could have fetched of one conversation, in the server's pages. */
function fetched(server: MockServer): Pages {
  const pages: Pages = { pages: [], pageParams: [] };
  let before: string | null = null;
  do {
    const page = server.page(chatId, before, pageSize);
    pages.pages.push(page);
    pages.pageParams.push(before);
    before = page.more ? (page.messages[0]?.order_key ?? null) : null;
  } while (before !== null);
  return pages;
}

function primed(server: MockServer): QueryClient {
  const cache = new QueryClient();
  cache.setQueryData(chats().queryKey, [...server.shop.chats].sort(byPlace));
  cache.setQueryData(messages(chatId).queryKey, fetched(server));
  cache.setQueryData(outgoing(chatId).queryKey, server.shop.outgoing.get(chatId) ?? []);
  server.connect((event) => apply(cache, event));
  return cache;
}

function expectLaw(cache: QueryClient, server: MockServer): void {
  expect(cache.getQueryData(chats().queryKey)).toEqual([...server.shop.chats].sort(byPlace));
  expect(flattened(cache.getQueryData(messages(chatId).queryKey)?.pages ?? [])).toEqual(
    flattened(fetched(server).pages),
  );
  const seen = flattened(fetched(server).pages);
  expect(stillOutgoing(cache.getQueryData(outgoing(chatId).queryKey) ?? [], seen)).toEqual(
    stillOutgoing(server.shop.outgoing.get(chatId) ?? [], seen),
  );
}

/** A small generator with a seed, so that a failure can be repeated. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

let clock = 1_800_000_000_000;
const now = (): number => {
  clock += 1_000;
  return clock;
};
afterEach(() => {
  clock = 1_800_000_000_000;
});

describe("applying events", () => {
  it("equals a fresh fetch after a thousand random changes", () => {
    const seed = 20_261_121;
    const roll = dice(seed);
    const server = new MockServer("inbox", now);
    const cache = primed(server);
    for (let step = 0; step < 1_000; step++) {
      const stored = server.shop.messages.get(chatId) ?? [];
      const any = stored[roll(stored.length)];
      const choice = roll(5);
      if (choice === 0) server.store(chatId, { direction: "in", text: `in ${step}` });
      else if (choice === 1)
        server.store(`chat_${hex(1 + roll(20))}`, { direction: "out", text: `out ${step}`, ack: "sent" });
      else if (choice === 2)
        server.store(chatId, { direction: "in", text: `old ${step}`, order_key: orderKey(roll(9_000)) });
      else if (choice === 3 && any) server.acknowledge(any, "read");
      else if (any) {
        server.shop.messages.set(
          chatId,
          stored.filter((one) => one.id !== any.id),
        );
        server.emit({ type: "message.removed", chat_id: chatId, message_id: any.id });
      }
      if (step % 50 === 0) expectLaw(cache, server);
    }
    expectLaw(cache, server);
  });

  it("equals a fresh fetch of the same stretch when only a part is loaded", () => {
    const roll = dice(4_711);
    const server = new MockServer("inbox", now);
    const cache = new QueryClient();
    cache.setQueryData(messages(chatId).queryKey, { pages: [server.page(chatId, null, 3)], pageParams: [null] });
    server.connect((event) => apply(cache, event));
    for (let step = 0; step < 300; step++) {
      const stored = server.shop.messages.get(chatId) ?? [];
      const any = stored[roll(stored.length)];
      if (roll(3) === 0) server.store(chatId, { direction: "in", text: `${step}`, order_key: orderKey(roll(2_000)) });
      else if (any) server.acknowledge(any, "read");
      const loaded = flattened(cache.getQueryData(messages(chatId).queryKey)?.pages ?? []);
      const from = loaded[0]?.order_key ?? "";
      const fresh = flattened(fetched(server).pages).filter((one) => one.order_key >= from);
      expect(loaded).toEqual(fresh);
    }
  });

  it("follows a message from the outbox to its bubble without a gap or a double", () => {
    const server = new MockServer("inbox", now);
    const cache = primed(server);
    const line = {
      id: `out_${hex(5)}`,
      chat_id: chatId,
      client_key: "k",
      text: "oi",
      created_at: new Date(now()).toISOString(),
    };
    const shownTimes = (): number => {
      const seen = flattened(cache.getQueryData(messages(chatId).queryKey)?.pages ?? []);
      const lines = stillOutgoing(cache.getQueryData(outgoing(chatId).queryKey) ?? [], seen);
      return lines.length + seen.filter((one) => one.text === "oi").length;
    };
    server.emit({ type: "outgoing.updated", outgoing: { ...line, state: "queued" } });
    expect(shownTimes()).toBe(1);
    server.emit({ type: "outgoing.updated", outgoing: { ...line, state: "sent", message_id: `msg_${hex(77)}` } });
    expect(shownTimes()).toBe(1);
    server.store(chatId, { id: `msg_${hex(77)}`, direction: "out", text: "oi", ack: "sent" });
    expect(shownTimes()).toBe(1);
  });

  it("never fills a list that was not fetched", () => {
    const server = new MockServer("inbox", now);
    const cache = new QueryClient();
    server.connect((event) => apply(cache, event));
    server.store(chatId, { direction: "in", text: "alone" });
    expect(cache.getQueryData(chats().queryKey)).toBeUndefined();
    expect(cache.getQueryData(messages(chatId).queryKey)).toBeUndefined();
  });

  it("leaves rows below the loaded part to the next fetch", () => {
    const page = { messages: [message("b", orderKey(5))], more: true };
    expect(pagesAfter([page], chatId, stored(message("a", orderKey(1))))).toEqual([page]);
    expect(flattened(pagesAfter([{ ...page, more: false }], chatId, stored(message("a", orderKey(1)))))).toHaveLength(
      2,
    );
  });

  it("adds rows that came while a page was fetched only to the newest page", () => {
    const page = { messages: [message("b", orderKey(5))], more: true };
    expect(pageAfter(page, chatId, true, stored(message("c", orderKey(9)))).messages).toHaveLength(2);
    expect(pageAfter(page, chatId, false, stored(message("c", orderKey(9)))).messages).toHaveLength(1);
    const read = { ...message("b", orderKey(5)), ack: "read" as const };
    expect(pageAfter(page, chatId, false, stored(read)).messages).toEqual([read]);
  });
});

function message(id: string, order_key: string): Message {
  return {
    id,
    chat_id: chatId,
    direction: "in",
    kind: "text",
    text: id,
    sent_at_certain: true,
    failed: false,
    edited: false,
    forwarded: false,
    source: "row",
    order_key,
  };
}

function stored(one: Message): StoredEvent {
  return { type: "message.stored", message: one };
}
