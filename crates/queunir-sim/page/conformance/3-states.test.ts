// Evidence 3.7 and 3.8: rows of the system, and delivery states.
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { daysAgo, holding, openChat, said } from "./stage.ts";
import { watch } from "./watch.ts";

const test = onStage({ world: (stage) => stage.post("look", { stranger_card: true, typing_bubble: true }) });

test("3.7-01 dates stand between the rows without a key", async ({ chat }) => {
  await chat.openAtTop("Texts");
  const yesterday = chat
    .within('span[dir="auto"]')
    .filter({ hasText: /^Yesterday$/ })
    .first();
  expect(await yesterday.evaluate((node) => node.closest("[data-id]"))).toBe(null);
  const { year } = daysAgo(9);
  await chat
    .within('span[dir="auto"]')
    .filter({ hasText: new RegExp(`^\\d?\\d/\\d?\\d/${year}$`) })
    .first()
    .waitFor();
  const { weekday } = daysAgo(3);
  await chat
    .within('span[dir="auto"]')
    .filter({ hasText: new RegExp(`^${weekday}$`) })
    .first()
    .waitFor();
});

test("3.7-02 a copy of the date floats while scrolling", async ({ page, chat }) => {
  const floating = chat.within(".copyable-area > div").first();
  expect(await floating.evaluate((node) => node.closest('[data-testid="conversation-panel-messages"]'))).toBe(null);
  await expect.poll(() => floating.textContent()).toBe("");
  const dates = await watch(page, "#main .copyable-area > div");
  await page.mouse.move(800, 400);
  await page.mouse.wheel(0, 120);
  await expect.poll(async () => (await dates()).length).toBeGreaterThan(2);
  await expect.poll(async () => (await dates()).at(-1)).toBe("");
});

test("3.7-03 the divider counts and has no key", async ({ chat }) => {
  await chat.openAtTop("Group of three");
  const divider = chat.within('span[aria-live="polite"]');
  expect(await divider.textContent()).toBe("3 unread messages");
  expect(await divider.evaluate((node) => node.closest("[data-id]"))).toBe(null);
});

test("3.7-04 notices carry a subtype in no language", async ({ stage, chat }) => {
  expect(
    await chat.within('[data-testid="msg-notification-container"] [data-testid="subtype-group_created"]').count(),
  ).toBe(1);
  await stage.toChat("Group of three", { do: "leave", who: "Nara" });
  await chat.within('[data-testid="subtype-leave"]').waitFor();
});

test("3.7-05 the encryption notice can be pressed", async ({ chat }) => {
  const notice = chat.within('[role="button"] [data-testid="subtype-encrypt"]');
  expect(await notice.textContent()).toContain("Messages and calls are end-to-end encrypted");
});

test("3.7-06 the card of a stranger blocks, reports and adds", async ({ chat }) => {
  await chat.openAtTop("+55 11 92000-0021");
  for (const testid of ["block-btn", "report-btn", "add-contact-btn"])
    expect(await chat.within(`[data-testid="${testid}"]`).count()).toBe(1);
});

test("3.7-07 who types shows as a bubble without a key at the end", async ({ stage, chat }) => {
  const typing = (on: boolean): Promise<unknown> =>
    stage.post(`accounts/conf/chats/${encodeURIComponent("+55 11 92000-0021")}/typing`, { on });
  await typing(true);
  const bubble = chat.within('[data-tab="8"] > div:last-child');
  await expect.poll(() => bubble.textContent()).toBe("•••");
  expect(await bubble.locator("[data-id]").count()).toBe(0);
  await typing(false);
  await expect.poll(() => chat.within('[data-testid="typing-bubble"]').count()).toBe(0);
});

test("3.8-01 pending is a clock", async ({ stage, page, chat }) => {
  await chat.openAtTop("Away");
  await stage.post("trouble", { send_never_delivered: true });
  await chat.write("Stays pending");
  await said(page, "Stays pending").waitFor();
  expect(await chat.state("Stays pending")).toBe(" Pending ");
  expect(await said(page, "Stays pending").locator('[data-testid="wds-ic-status-pending"] title').textContent()).toBe(
    "wds-ic-status-pending",
  );
  await stage.post("trouble", {});
});

test("3.8-02 sent is one tick named delivered", async ({ page, chat }) => {
  await chat.openAtTop("Off");
  expect(await chat.state("Sent words")).toBe(" Sent ");
  expect(await said(page, "Sent words").locator('[data-testid="msg-meta"] title').textContent()).toBe(
    "wds-ic-delivered",
  );
});

test("3.8-03 delivered is two ticks named read", async ({ page, chat }) => {
  await chat.openAtTop("Away");
  expect(await chat.state("Delivered words")).toBe(" Delivered ");
  expect(await said(page, "Delivered words").locator('[data-testid="msg-meta"] title').textContent()).toBe(
    "wds-ic-read",
  );
});

test("3.8-04 read is the same drawing in blue", async ({ page, chat }) => {
  await chat.openAtTop("Pinned one");
  expect(await chat.state("Good morning!")).toBe(" Read ");
  const icon = said(page, "Good morning!").locator('[data-testid="msg-meta"] svg');
  expect(await icon.locator("title").textContent()).toBe("wds-ic-read");
  expect(await icon.evaluate((node) => getComputedStyle(node).color)).toBe("rgb(0, 123, 252)");
});

test("3.8-05 the labels have a space at each end in every language", async ({ stage }) => {
  const other = await stage.linked({ locale: "pt_BR", zone: "America/Recife" });
  await openChat(other, "Pinned one");
  const found = said(other, "Good morning!").locator('[data-testid="msg-meta"] [aria-label]');
  expect(await found.getAttribute("aria-label")).toBe(" Lida ");
  await other.close();
});

test("3.8-06 a voice note of ours can be played", async ({ page, chat }) => {
  await chat.openAtTop("Kinds");
  const ours = holding(page, '[data-icon="tail-out"]').filter({ has: page.locator('[data-icon="ptt-status"]') });
  expect(await ours.last().locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label")).toBe(
    " Played ",
  );
});

test("3.8-07 a group shows the lowest state", async ({ stage, page, chat }) => {
  await chat.openAtTop("Group of three");
  await stage.post("accounts/conf/own", { chat: "Group of three", text: "To all of you" });
  await said(page, "To all of you").waitFor();
  await expect.poll(() => chat.state("To all of you")).toBe(" Delivered ");
  await stage.write("Group of three", "One has read it");
  await said(page, "One has read it").waitFor();
  expect(await chat.state("To all of you")).toBe(" Delivered ");
});

test("3.8-08 who hides receipts never turns blue", async ({ stage, truth, page, chat }) => {
  await chat.openAtTop("Hides receipts");
  await stage.post("accounts/conf/own", { chat: "Hides receipts", text: "Seen, but nobody says so" });
  await expect.poll(() => chat.state("Seen, but nobody says so")).toBe(" Delivered ");
  await stage.post(`accounts/conf/chats/${encodeURIComponent("Hides receipts")}/read`, {});
  await stage.write("Hides receipts", "I have read it");
  await said(page, "I have read it").waitFor();
  // Three that are read one after the other take longer than one can.
  for (const text of ["one", "two", "three"]) {
    await stage.post("accounts/conf/own", { chat: "Pinned one", text });
    await expect.poll(() => truth.reached("Pinned one", text)).toBe("read");
  }
  expect(await chat.state("Seen, but nobody says so")).toBe(" Delivered ");
  const icon = said(page, "Seen, but nobody says so").locator('[data-testid="msg-meta"] svg');
  expect(await icon.evaluate((node) => getComputedStyle(node).color)).not.toBe("rgb(0, 123, 252)");
});

test("3.8-09 newer icons have a title, older ones three equal names", async ({ chat }) => {
  const spans = await chat
    .within("span[data-icon]:not([aria-label])")
    .evaluateAll((all) =>
      all.map((one) => [
        one.getAttribute("data-icon"),
        one.getAttribute("data-testid") ?? one.getAttribute("data-icon"),
        one.querySelector("title")?.textContent,
      ]),
    );
  expect(spans.length).toBeGreaterThan(5);
  for (const [icon, testid, title] of spans) expect([testid, title]).toEqual([icon, icon]);
});
