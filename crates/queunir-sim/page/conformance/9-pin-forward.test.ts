// Pinning and passing on through the menu of a message.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { MENU_WORLD, opened, press } from "./menu.ts";
import { onStage } from "./scene.ts";
import { openChat, pressRow, said } from "./stage.ts";

const test = onStage({ scenario: MENU_WORLD, page: opened });

const banner = '#main [data-testid="conversation-subheader"]';
const modal = '[role="dialog"] [data-testid="chat-modal"]';

async function pin(page: Page, words: string, duration?: string): Promise<void> {
  await press(page, words, "Pin");
  if (duration) await page.locator(`input[type="radio"][value="${duration}"]`).check();
  await page.locator('[data-testid="pin-message-modal"] [data-testid="popup-controls-ok"]').click();
}

async function choose(page: Page, ...titles: string[]): Promise<void> {
  for (const title of titles) await pressRow(page.locator(`${modal} [role="checkbox"]`, { hasText: title }));
}

const send = (page: Page): Promise<void> => page.locator(`${modal} footer [role="button"]`).click();

test("9.8-01 a pin asks how long, with seven days chosen", async ({ page }) => {
  await press(page, "Hello there", "Pin");
  const asked = page.locator('[role="dialog"] [data-testid="pin-message-modal"]');
  await asked.getByText("Choose how long your pin lasts").waitFor();
  expect(await asked.locator("label").allTextContents()).toEqual(["24 hours", "7 days", "30 days"]);
  const radios = await asked
    .locator('input[type="radio"][name="duration"]')
    .evaluateAll((all: HTMLInputElement[]) => all.map(({ value, checked }) => [value, checked]));
  expect(radios).toEqual([
    ["OneDay", false],
    ["SevenDays", true],
    ["ThirtyDays", false],
  ]);
  await asked.locator('[data-testid="popup-controls-cancel"]').click();
  expect(await asked.count()).toBe(0);
  expect(await page.locator(banner).count()).toBe(0);
});

test("9.8-03 9.8-04 a banner under the header and a mark in the corner show it", async ({ page, truth }) => {
  await pin(page, "Hello there", "OneDay");
  await page.locator(banner).getByText("Hello there").waitFor();
  expect(await page.locator(`${banner} [data-icon="pin-refreshed"]`).count()).toBe(1);
  const mark = said(page, "Hello there").locator('[data-testid="msg-meta"] [aria-label] [data-icon="pinned-small"]');
  await mark.waitFor();
  await said(page, "You pinned a message").waitFor();
  const [hello] = await truth.said("Menu", "Hello there");
  expect(hello?.pinned?.who).toBe("");
  expect((hello?.pinned?.until ?? 0) - (hello?.pinned?.at ?? 0)).toBe(86_400_000);
  await page.locator('[data-testid="conversation-panel-messages"]').evaluate((node) => node.scrollTo({ top: 0 }));
  await page.locator(banner).click();
  await expect.poll(() => mark.isVisible()).toBe(true);
  await page.locator(banner).hover();
  await page.locator('[data-testid="conversation-banner-menu-icon"]').click();
  await page.locator('[role="menuitem"][aria-label="Unpin"]').click();
  await expect.poll(() => page.locator(banner).count()).toBe(0);
  expect(await mark.count()).toBe(0);
});

test("9.8-02 a fourth pin asks first, and the oldest goes", async ({ page, truth }) => {
  for (const words of ["Hello there", "Good day", "Another of theirs"]) {
    await pin(page, words);
    await page.locator(banner).getByText(words).waitFor();
  }
  await press(page, "Another of ours", "Pin");
  const asked = page.locator('[data-testid="replace-pin-message-modal"]');
  await asked.getByText("Replace oldest pin?").waitFor();
  await asked.locator('[data-testid="popup-controls-ok"]').click();
  await page.locator('[data-testid="pin-message-modal"] [data-testid="popup-controls-ok"]').click();
  await expect
    .poll(async () => (await truth.messages("Menu")).filter(({ pinned }) => pinned).map(({ text }) => text))
    .toEqual(["Good day", "Another of theirs", "Another of ours"]);
});

test("a customer's pin shows as well, and each press on the banner turns to the next", async ({
  stage,
  page,
  truth,
}) => {
  await openChat(page, "Friend one");
  const key = (await truth.said("Friend one", "Good morning"))[0]?.key ?? "";
  await stage.happen("Friend one", key, { do: "pin", seconds: 3600 });
  await page.locator(banner).getByText("Good morning").waitFor();
  await said(page, "Friend one pinned a message").waitFor();
  await opened(page);
  const shown: (string | null)[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    shown.push(await page.locator(banner).textContent());
    await page.locator(banner).click();
  }
  expect(new Set(shown).size).toBe(3);
});

test("9.9-01 a dialog with a search lists the chats to choose from", async ({ page }) => {
  await press(page, "Another of theirs", "Forward");
  await page.locator(modal).getByText("Forward message to").waitFor();
  expect(await page.locator(`${modal} button[data-testid="btn-closer-drawer"]`).count()).toBe(1);
  const rows = page.locator(`${modal} [role="checkbox"][aria-checked="false"]`);
  expect(await rows.count()).toBe(8);
  const field = page.locator(`${modal} [data-testid="chat-list-search-container"] input[role="textbox"]`);
  await field.pressSequentially("friend t");
  await expect.poll(() => rows.count()).toBe(2);
  await field.fill("93000-0026");
  await expect.poll(() => rows.count()).toBe(1);
  await field.fill("");
  await expect.poll(() => rows.count()).toBe(8);
});

test("9.9-02 a choice brings a foot with the names; more than five is too many", async ({ page }) => {
  expect(await page.locator(`${modal} footer`).count()).toBe(0);
  await choose(page, "Friend two", "Team");
  expect(await page.locator(`${modal} footer [aria-live="polite"]`).textContent()).toBe("Friend two, Team");
  const button = page.locator(`${modal} footer [role="button"][aria-label="Send"]`);
  expect(await button.locator("svg > title").textContent()).toBe("wds-ic-send-filled");
  await choose(page, "Friend one", "Friend three", "Friend four", "Friend five");
  await page.locator('[data-testid="toast-body"]').getByText("up to 5 chats").waitFor();
  expect(await page.locator(`${modal} [role="checkbox"][aria-checked="true"]`).count()).toBe(5);
  await choose(page, "Friend one", "Friend three", "Friend four");
  expect(await page.locator(`${modal} footer [aria-live="polite"]`).textContent()).toBe("Friend two, Team");
});

test("9.9-03 it goes to each chosen chat once, and the first of them is opened", async ({ page, truth }) => {
  await send(page);
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="Friend two"]').waitFor();
  const row = said(page, "Another of theirs");
  expect(await row.locator('[data-testid="forwarded-header"]').count()).toBe(1);
  for (const title of ["Friend two", "Team"]) {
    expect(await truth.said(title, "Another of theirs")).toMatchObject([{ direction: "out", forwarded: 1 }]);
    await expect.poll(() => truth.reached(title, "Another of theirs")).toBe("delivered");
  }
  expect((await truth.acts("forwarded")).map(({ outcome }) => outcome)).toEqual(["done", "done"]);
});

test("our own words bear no mark when passed on once, a picture goes with its words", async ({ page, truth }) => {
  await opened(page);
  await press(page, "Good day", "Forward");
  await choose(page, "Friend three");
  await send(page);
  await said(page, "Good day").waitFor();
  expect(await said(page, "Good day").locator('[data-testid="forwarded-header"]').count()).toBe(0);
  await opened(page);
  await press(page, "A cake", "Forward");
  await choose(page, "Friend four");
  await send(page);
  await said(page, "A cake").locator('img[src^="blob:"]').waitFor();
  expect(await truth.said("Friend four", "A cake")).toMatchObject([{ kind: "image", forwarded: 1 }]);
});
