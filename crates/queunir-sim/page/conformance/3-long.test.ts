// Evidence 3.2: a conversation of many rows, most of them far away.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChat, Stage } from "./stage.ts";

const CHAT = "+55 11 90000-0700";
const COUNT = 700;

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  await stage.write(CHAT, "number 1 of many");
  // Several at once: which of them comes first does not matter here.
  for (let from = 2; from <= COUNT; from += 25) {
    const numbers = Array.from({ length: Math.min(25, COUNT - from + 1) }, (_, index) => from + index);
    await Promise.all(numbers.map((number) => stage.write(CHAT, `number ${number} of many`)));
  }
  page = await stage.linked();
  await openChat(page, CHAT);
});
afterAll(() => stage.end());

const drawn = (): Promise<number> => page.locator('#main [data-virtualized="false"]').count();
const holder = (words: string | RegExp) => page.locator('#main [data-virtualized="false"]').filter({ hasText: words });
const height = (): Promise<number> =>
  page.locator('[data-testid="conversation-panel-messages"]').evaluate((node) => node.scrollHeight);
const scrollTo = (share: number): Promise<void> =>
  page.locator('[data-testid="conversation-panel-messages"]').evaluate((node, share) => {
    node.scrollTop = share * node.scrollHeight;
  }, share);

test("3.2-03 of many rows only those near by have content", async () => {
  expect(await page.locator('#main [data-testid^="conv-msg-"]').count()).toBe(COUNT + 1);
  await expect.poll(drawn).toBeLessThan(250);
});

test("3.2-03 a jump draws what is there, takes out what was left, and moves nothing", async () => {
  const before = await height();
  for (const [share, words] of [
    [1, /number (700|69\d) of many/],
    [0, "number 1 of many"],
    [0.5, /number 3[3-6]\d of many/],
  ] as const) {
    await scrollTo(share);
    await holder(words).first().waitFor();
    await expect.poll(drawn).toBeLessThan(250);
    expect(Math.abs((await height()) - before)).toBeLessThan(4);
  }
});
