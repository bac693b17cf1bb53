// Evidence 3.7 and 3.8: rows of the system, and delivery states.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { daysAgo, holding, openChat, Stage, said } from "./stage.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  await stage.post("look", { stranger_card: true, typing_bubble: true });
  page = await stage.linked();
});
afterAll(() => stage.end());

const main = (selector: string): Locator => page.locator(`#main ${selector}`);
const scrollTo = (top: number): Promise<void> =>
  page.locator('[data-testid="conversation-panel-messages"]').evaluate((node, to) => node.scrollTo({ top: to }), top);
const open = async (title: string): Promise<void> => {
  await openChat(page, title);
  await scrollTo(0);
};
const label = (words: string): Promise<string | null> =>
  said(page, words).locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label");

test("3.7-01 dates stand between the rows without a key", async () => {
  await open("Texts");
  const yesterday = main('span[dir="auto"]')
    .filter({ hasText: /^Yesterday$/ })
    .first();
  expect(await yesterday.evaluate((node) => node.closest("[data-id]"))).toBe(null);
  const { year } = daysAgo(9);
  await main('span[dir="auto"]')
    .filter({ hasText: new RegExp(`^\\d?\\d/\\d?\\d/${year}$`) })
    .first()
    .waitFor();
  const { weekday } = daysAgo(3);
  await main('span[dir="auto"]')
    .filter({ hasText: new RegExp(`^${weekday}$`) })
    .first()
    .waitFor();
});

test("3.7-02 a copy of the date floats while scrolling", async () => {
  await page.mouse.move(800, 400);
  await page.mouse.wheel(0, 120);
  const floating = main(".copyable-area > div").first();
  await expect.poll(() => floating.textContent()).not.toBe("");
  expect(await floating.evaluate((node) => node.closest('[data-testid="conversation-panel-messages"]'))).toBe(null);
  await expect.poll(() => floating.textContent(), { timeout: 5000 }).toBe("");
});

test("3.7-03 the divider counts and has no key", async () => {
  await open("Group of three");
  const divider = main('span[aria-live="polite"]');
  expect(await divider.textContent()).toBe("3 unread messages");
  expect(await divider.evaluate((node) => node.closest("[data-id]"))).toBe(null);
});

test("3.7-04 notices carry a subtype in no language", async () => {
  expect(await main('[data-testid="msg-notification-container"] [data-testid="subtype-group_created"]').count()).toBe(
    1,
  );
  await stage.toChat("Group of three", { do: "leave", who: "Nara" });
  await main('[data-testid="subtype-leave"]').waitFor();
});

test("3.7-05 the encryption notice can be pressed", async () => {
  const notice = main('[role="button"] [data-testid="subtype-encrypt"]');
  expect(await notice.textContent()).toContain("Messages and calls are end-to-end encrypted");
});

test("3.7-06 the card of a stranger blocks, reports and adds", async () => {
  await open("+55 11 92000-0021");
  for (const testid of ["block-btn", "report-btn", "add-contact-btn"])
    expect(await main(`[data-testid="${testid}"]`).count()).toBe(1);
});

test("3.7-07 who types shows as a bubble without a key at the end", async () => {
  const typing = (on: boolean): Promise<unknown> =>
    stage.post(`accounts/conf/chats/${encodeURIComponent("+55 11 92000-0021")}/typing`, { on });
  await typing(true);
  const bubble = main('[data-tab="8"] > div:last-child');
  await expect.poll(() => bubble.textContent()).toBe("•••");
  expect(await bubble.locator("[data-id]").count()).toBe(0);
  await typing(false);
  await expect.poll(() => main('[data-testid="typing-bubble"]').count()).toBe(0);
});

test("3.8-01 pending is a clock", async () => {
  await open("Away");
  await stage.post("trouble", { send_never_delivered: true });
  await page.keyboard.insertText("Stays pending");
  await page.keyboard.press("Enter");
  await said(page, "Stays pending").waitFor();
  expect(await label("Stays pending")).toBe(" Pending ");
  expect(await said(page, "Stays pending").locator('[data-testid="wds-ic-status-pending"] title').textContent()).toBe(
    "wds-ic-status-pending",
  );
  await stage.post("trouble", {});
});

test("3.8-02 sent is one tick named delivered", async () => {
  await open("Off");
  expect(await label("Sent words")).toBe(" Sent ");
  expect(await said(page, "Sent words").locator('[data-testid="msg-meta"] title').textContent()).toBe(
    "wds-ic-delivered",
  );
});

test("3.8-03 delivered is two ticks named read", async () => {
  await open("Away");
  expect(await label("Delivered words")).toBe(" Delivered ");
  expect(await said(page, "Delivered words").locator('[data-testid="msg-meta"] title').textContent()).toBe(
    "wds-ic-read",
  );
});

test("3.8-04 read is the same drawing in blue", async () => {
  await open("Pinned one");
  expect(await label("Good morning!")).toBe(" Read ");
  const icon = said(page, "Good morning!").locator('[data-testid="msg-meta"] svg');
  expect(await icon.locator("title").textContent()).toBe("wds-ic-read");
  expect(await icon.evaluate((node) => getComputedStyle(node).color)).toBe("rgb(0, 123, 252)");
});

test("3.8-05 the labels have a space at each end in every language", async () => {
  const other = await stage.linked({ locale: "pt_BR", zone: "America/Recife" });
  await openChat(other, "Pinned one");
  const found = said(other, "Good morning!").locator('[data-testid="msg-meta"] [aria-label]');
  expect(await found.getAttribute("aria-label")).toBe(" Lida ");
  await other.close();
});

test("3.8-06 a voice note of ours can be played", async () => {
  await open("Kinds");
  const ours = holding(page, '[data-icon="tail-out"]').filter({ has: page.locator('[data-icon="ptt-status"]') });
  expect(await ours.last().locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label")).toBe(
    " Played ",
  );
});

test("3.8-07 a group shows the lowest state", async () => {
  await open("Group of three");
  await stage.post("accounts/conf/own", { chat: "Group of three", text: "To all of you" });
  await said(page, "To all of you").waitFor();
  await expect.poll(() => label("To all of you")).toBe(" Delivered ");
  await stage.write("Group of three", "One has read it");
  await said(page, "One has read it").waitFor();
  expect(await label("To all of you")).toBe(" Delivered ");
});

test("3.8-08 who hides receipts never turns blue", async () => {
  await open("Hides receipts");
  await stage.post("accounts/conf/own", { chat: "Hides receipts", text: "Seen, but nobody says so" });
  await expect.poll(() => label("Seen, but nobody says so")).toBe(" Delivered ");
  await stage.post(`accounts/conf/chats/${encodeURIComponent("Hides receipts")}/read`, {});
  await stage.write("Hides receipts", "I have read it");
  await said(page, "I have read it").waitFor();
  expect(await label("Seen, but nobody says so")).toBe(" Delivered ");
  const icon = said(page, "Seen, but nobody says so").locator('[data-testid="msg-meta"] svg');
  expect(await icon.evaluate((node) => getComputedStyle(node).color)).not.toBe("rgb(0, 123, 252)");
});

test("3.8-09 newer icons have a title, older ones three equal names", async () => {
  const spans = await main("span[data-icon]:not([aria-label])").evaluateAll((all) =>
    all.map((one) => [
      one.getAttribute("data-icon"),
      one.getAttribute("data-testid") ?? one.getAttribute("data-icon"),
      one.querySelector("title")?.textContent,
    ]),
  );
  expect(spans.length).toBeGreaterThan(5);
  for (const [icon, testid, title] of spans) expect([testid, title]).toEqual([icon, icon]);
});
