// Reactions from the tray, and replies with their quote above the composer.
import { expect } from "vitest";
import { MENU_WORLD, opened, openTray, press } from "./menu.ts";
import { onStage } from "./scene.ts";
import { openChat, said } from "./stage.ts";

const test = onStage({ scenario: MENU_WORLD, page: opened });

const panel = '#main footer [data-testid="popup_panel"]';

test("9.3-01 the tray has six pictures in order and a way to more", async ({ page }) => {
  const tray = await openTray(page, "Hello there");
  expect(await tray.getAttribute("aria-label")).toBe("Reactions");
  const buttons = await tray
    .locator('button[data-testid^="reactions-option-"]')
    .evaluateAll((all) =>
      all.map((one) => [one.ariaLabel, one.querySelector("img")?.alt, one.getAttribute("aria-pressed")]),
    );
  expect(buttons).toEqual(["👍", "❤️", "😂", "😮", "😢", "🙏"].map((sign) => [sign, sign, "false"]));
  const more = tray.locator('button[data-testid="reactions-show-more"]');
  expect(await more.locator("svg > title").textContent()).toBe("ic-add");
  const message = await said(page, "Hello there").locator('[data-testid="msg-container"]').boundingBox();
  const place = await tray.boundingBox();
  expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThan((message?.y ?? 0) + 1);
  await page.keyboard.press("Escape");
});

test("9.3-03 ours is marked, and the same again takes it back; the ledger has both", async ({ page, truth }) => {
  await (await openTray(page, "Hello there")).locator('[aria-label="❤️"]').click();
  const pill = said(page, "Hello there").locator('[data-testid="reaction-bubble"] button');
  await pill.waitFor();
  expect(await page.locator('[role="toolbar"]').count()).toBe(0);
  expect((await truth.said("Menu", "Hello there"))[0]?.reactions).toMatchObject([{ who: "", emoji: "❤️" }]);
  const tray = await openTray(page, "Hello there");
  expect(await tray.locator('[data-testid="selected"] [aria-pressed="true"]').getAttribute("aria-label")).toBe("❤️");
  await tray.locator('[aria-label="❤️"]').click();
  await expect.poll(() => pill.count()).toBe(0);
  expect((await truth.said("Menu", "Hello there"))[0]?.reactions ?? []).toEqual([]);
  expect((await truth.acts("acted")).map(({ what, outcome }) => [what, outcome])).toEqual([
    [{ do: "react", emoji: "❤️" }, "done"],
    [{ do: "react", emoji: null }, "done"],
  ]);
});

test("a second picture takes the place of the first", async ({ page, truth }) => {
  for (const sign of ["👍", "🙏"]) await (await openTray(page, "Good day")).locator(`[aria-label="${sign}"]`).click();
  await expect
    .poll(() => said(page, "Good day").locator('[data-testid="reaction-bubble"] button').getAttribute("aria-label"))
    .toBe("reaction 🙏. View reactions");
  expect((await truth.said("Menu", "Good day"))[0]?.reactions).toMatchObject([{ who: "", emoji: "🙏" }]);
});

test("9.3-02 one of ours that is none of the six stands as seventh, without a way to more", async ({ page }) => {
  const tray = await openTray(page, "With a smile");
  expect(await tray.locator("button").count()).toBe(7);
  expect(await tray.locator("button").last().getAttribute("aria-label")).toBe("😅");
  expect(await tray.locator('[data-testid="selected"] button').getAttribute("data-testid")).toBe("reactions-option-6");
  expect(await tray.locator('[data-testid="reactions-show-more"]').count()).toBe(0);
  await page.keyboard.press("Escape");
});

test("9.3-04 the picker has a search field and more pictures", async ({ page, truth }) => {
  await (await openTray(page, "Nobody's darling")).locator('[data-testid="reactions-show-more"]').click();
  const picker = page.locator('[data-testid="reaction_emoji_picker"][role="group"]');
  expect(await picker.locator("button").count()).toBeGreaterThan(30);
  await picker.locator('input[role="textbox"]').fill("🦙");
  await picker.locator('button[aria-label="🦙"]').click();
  await said(page, "Nobody's darling").locator('[data-testid="reaction-bubble"]').waitFor();
  expect((await truth.said("Menu", "Nobody's darling"))[0]?.reactions).toMatchObject([{ emoji: "🦙" }]);
});

test("the menu leads to the tray as well", async ({ page }) => {
  await press(page, "Another of ours", "React");
  await page.locator('[data-menu-content] [role="toolbar"] [aria-label="😮"]').click();
  await said(page, "Another of ours").locator('[data-testid="reaction-bubble"]').waitFor();
});

test("9.4-01 a reply shows what it answers above the composer, which has the focus", async ({ page }) => {
  await press(page, "Another of theirs", "Reply");
  const quoted = page.locator(`${panel} [data-testid="quoted-message"]`);
  expect(await quoted.locator('[data-testid="author"]').textContent()).toBe("Menu");
  expect(await quoted.locator(".quoted-mention").textContent()).toBe("Another of theirs");
  const cancel = page.locator(`${panel} button[aria-label="Cancel"]`);
  expect(await cancel.locator("svg > title").textContent()).toBe("ic-close");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe(
    "conversation-compose-box-input",
  );
});

test("9.4-02 cancel and Escape take the quote away and leave the words; each chat has its own", async ({ page }) => {
  await page.keyboard.insertText("half a thought");
  await page.locator(`${panel} button[aria-label="Cancel"]`).click();
  expect(await page.locator(panel).count()).toBe(0);
  const composer = page.locator('#main footer [role="textbox"]');
  expect(await composer.textContent()).toBe("half a thought");
  await press(page, "Good day", "Reply");
  await openChat(page, "Team");
  expect(await page.locator(panel).count()).toBe(0);
  await opened(page);
  expect(await page.locator(`${panel} .quoted-mention`).textContent()).toBe("Good day");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(panel).count()).toBe(0);
  expect(await page.locator("#main").count()).toBe(1);
  expect(await composer.textContent()).toBe("half a thought");
});

test("9.4-02 sending takes the quote along, once; the ledger knows what is answered", async ({ page, truth, chat }) => {
  await press(page, "A cake", "Reply");
  await page.keyboard.press("Control+a");
  await chat.write("What a cake");
  const row = said(page, "What a cake");
  expect(await row.locator('[data-testid="quoted-message"] .quoted-mention').textContent()).toBe("A cake");
  await row.locator('[aria-label=" Delivered "], [aria-label=" Read "]').waitFor();
  expect(await page.locator(panel).count()).toBe(0);
  const [cake] = await truth.said("Menu", "A cake");
  expect(await truth.said("Menu", "What a cake")).toMatchObject([{ quotes: cake?.key }]);
  expect((await truth.acts("submitted")).at(-1)).toMatchObject({ quotes: cake?.key, accepted: true });
  await chat.write("and nothing more");
  expect(await said(page, "and nothing more").locator('[data-testid="quoted-message"]').count()).toBe(0);
  await page.reload();
  await opened(page);
  expect(await said(page, "What a cake").locator('[data-testid="quoted-message"]').count()).toBe(1);
});

test("a reply in a group names who is answered", async ({ page, truth, chat }) => {
  await openChat(page, "Team");
  await press(page, "From Ana", "Reply");
  expect(await page.locator(`${panel} [data-testid="author"]`).textContent()).toBe("Ana Reis");
  await chat.write("Got it");
  await said(page, "Got it").locator('[aria-label=" Sent "], [aria-label=" Delivered "]').waitFor();
  const [ana] = await truth.said("Team", "From Ana");
  expect(await truth.said("Team", "Got it")).toMatchObject([{ quotes: ana?.key }]);
});

test("what a customer deleted in the meantime cannot be acted on, and the page says so", async ({
  stage,
  page,
  truth,
}) => {
  await opened(page);
  const key = await stage.write("Menu", "soon gone");
  await press(page, "soon gone", "Pin");
  await stage.happen("Menu", key, { do: "delete" });
  await said(page, "This message was deleted").waitFor();
  await page.locator('[data-testid="pin-message-modal"] [data-testid="popup-controls-ok"]').click();
  await page.locator('[data-testid="toast-body"]').getByText("This message is no longer available").waitFor();
  expect((await truth.acts("acted")).at(-1)).toMatchObject({ key, what: { do: "pin" }, outcome: "gone" });
});
