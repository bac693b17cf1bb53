// Trouble with what is done through the menu of a message: what a person sees, and what truly became of it.
import { expect } from "vitest";
import { MENU_WORLD, opened, openTray, press } from "./menu.ts";
import { onStage } from "./scene.ts";
import { chatRow, openChat, said } from "./stage.ts";

const test = onStage({ scenario: MENU_WORLD, page: opened });

const FAILED = "Something went wrong. Try again.";

test("trouble.act_done_but_error: the page says that it failed, and it was done", async ({ stage, truth, page }) => {
  await stage.post("trouble", { act_done_but_error: true });
  await (await openTray(page, "Hello there")).locator('[aria-label="👍"]').click();
  await page.locator('[data-testid="toast-body"]').getByText(FAILED).waitFor();
  expect((await truth.acts("acted")).at(-1)).toMatchObject({ what: { do: "react" }, outcome: "done_but_error" });
  expect((await truth.said("Menu", "Hello there"))[0]?.reactions).toMatchObject([{ who: "", emoji: "👍" }]);
  await stage.heard(page);
  expect(await said(page, "Hello there").locator('[data-testid="reaction-bubble"]').count()).toBe(0);
  await press(page, "Another of ours", "Forward");
  await page.locator('[data-testid="chat-modal"] [role="checkbox"]', { hasText: "Friend one" }).click();
  await page.locator('[data-testid="chat-modal"] footer [role="button"]').click();
  await expect.poll(() => truth.said("Friend one", "Another of ours")).toHaveLength(1);
  expect((await truth.acts("forwarded")).at(-1)).toMatchObject({ outcome: "done_but_error" });
  await stage.post("trouble", {});
  await page.reload();
  await opened(page);
  await said(page, "Hello there").locator('[data-testid="reaction-bubble"]').waitFor();
});

test("trouble.act_never_delivered: the page hears nothing, and nothing was done", async ({ stage, truth, page }) => {
  await stage.post("trouble", { act_never_delivered: true });
  await press(page, "Another of ours", "Star");
  await expect.poll(async () => (await truth.acts("acted")).at(-1)).toMatchObject({ outcome: "lost" });
  await press(page, "Good day", "Delete");
  await page.locator('[data-testid="popup-controls-revoke"]').click();
  await expect
    .poll(async () => (await truth.acts("acted")).at(-1))
    .toMatchObject({ what: { do: "delete_for_everyone" }, outcome: "lost" });
  await stage.heard(page);
  expect(await said(page, "Another of ours").locator('[data-testid="icon-star"]').count()).toBe(0);
  expect(await said(page, "Good day").count()).toBe(1);
  expect(await page.locator('[data-testid="toast-body"]').count()).toBe(0);
  const [good] = await truth.said("Menu", "Good day");
  expect(good?.deleted_at).toBe(undefined);
  await press(page, "Another of theirs", "Forward");
  await page.locator('[data-testid="chat-modal"] [role="checkbox"]', { hasText: "Friend two" }).click();
  await page.locator('[data-testid="chat-modal"] footer [role="button"]').click();
  await expect.poll(async () => (await truth.acts("forwarded")).at(-1)).toMatchObject({ outcome: "lost" });
  expect(await truth.said("Friend two", "Another of theirs")).toHaveLength(0);
  await stage.post("trouble", {});
  await openChat(page, "Menu");
  expect(await chatRow(page, "Friend two").locator('[title*="Another of theirs"]').count()).toBe(0);
});
