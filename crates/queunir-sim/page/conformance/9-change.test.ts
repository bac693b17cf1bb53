// Deleting, editing and starring through the menu of a message.
import { expect } from "vitest";
import { MENU_WORLD, opened, openMenu, press } from "./menu.ts";
import { onStage } from "./scene.ts";
import { chatRow, said } from "./stage.ts";

const test = onStage({ scenario: MENU_WORLD, page: opened });

const dialog = '[role="dialog"] [data-testid="confirm-popup"]';
const editor = '[data-testid="edit-message-modal"] [data-testid="edit-message-composer"]';

test("9.5-01 the question has its buttons in order, one above the other for what is ours", async ({ page }) => {
  await press(page, "Another of ours", "Delete");
  await page.locator(dialog).getByText("Delete message?").waitFor();
  const buttons = await page
    .locator(`${dialog} button`)
    .evaluateAll((all) =>
      all.map((one) => [one.textContent, one.getAttribute("data-testid"), Math.round(one.getBoundingClientRect().top)]),
    );
  expect(buttons.map(([text, testid]) => [text, testid])).toEqual([
    ["Delete for everyone", "popup-controls-revoke"],
    ["Delete for me", "popup-controls-delete"],
    ["Cancel", null],
  ]);
  expect(new Set(buttons.map(([, , top]) => top)).size).toBe(3);
  await page.locator(`${dialog} button`).last().click();
  expect(await page.locator(dialog).count()).toBe(0);
  await press(page, "Another of theirs", "Delete");
  expect(await page.locator(`${dialog} button`).allTextContents()).toEqual(["Cancel", "Delete for me"]);
  await page.keyboard.press("Escape");
  expect(await page.locator(dialog).count()).toBe(0);
});

test("9.5-02 after two and a half days only 'for me' is left", async ({ page }) => {
  await press(page, "Old of ours", "Delete");
  expect(await page.locator('[data-testid="popup-controls-revoke"]').count()).toBe(0);
  await page.keyboard.press("Escape");
  await press(page, "Half an hour old", "Delete");
  expect(await page.locator('[data-testid="popup-controls-revoke"]').count()).toBe(1);
  await page.keyboard.press("Escape");
});

test("9.5-03 what failed can only be deleted for us", async ({ stage, page, chat }) => {
  await stage.post("trouble", { send_delivered_but_error: true });
  await page.locator('#main footer [role="textbox"]').focus();
  await chat.write("failed they say");
  await said(page, "failed they say").locator('[data-testid="message-fail"]').waitFor();
  await stage.post("trouble", {});
  await press(page, "failed they say", "Delete");
  expect(await page.locator('[data-testid="popup-controls-revoke"]').count()).toBe(0);
  await page.keyboard.press("Escape");
});

test("for everyone: the page shows the sentence, the ledger the time, the words are gone", async ({ page, truth }) => {
  await press(page, "Good day", "Delete");
  await page.locator('[data-testid="popup-controls-revoke"]').click();
  await said(page, "You deleted this message").waitFor();
  expect(await said(page, "Good day").count()).toBe(0);
  const [good] = await truth.said("Menu", "Good day");
  expect(good?.deleted_at).toBeGreaterThan(0);
  expect((await truth.acts("acted")).at(-1)).toMatchObject({ what: { do: "delete_for_everyone" }, outcome: "done" });
});

test("for me: the row goes, the other side keeps it, and the list shows the one before", async ({ page, truth }) => {
  await press(page, "The last of theirs", "Delete");
  await page.locator('[data-testid="popup-controls-delete"]').click();
  await expect.poll(() => said(page, "The last of theirs").count()).toBe(0);
  await page.locator('[data-testid="toast-body"]').getByText("Message deleted for me").waitFor();
  const [last] = await truth.said("Menu", "The last of theirs");
  expect(last?.removed_at).toBeGreaterThan(0);
  expect(last?.deleted_at).toBe(undefined);
  expect(await chatRow(page, "Menu").textContent()).not.toContain("The last of theirs");
  await page.reload();
  await opened(page);
  await said(page, "One more of ours").waitFor();
  expect(await said(page, "The last of theirs").count()).toBe(0);
});

test("9.6-01 an edit has a drawing of the message and an editor with its words", async ({ page }) => {
  await press(page, "Another of ours", "Edit");
  const modal = page.locator('[role="dialog"] [data-testid="edit-message-modal"]');
  await modal.getByText("Edit message").waitFor();
  expect(await modal.locator('[data-testid="edit-message-preview"]').textContent()).toBe("Another of ours");
  expect(await page.locator(editor).getAttribute("data-lexical-editor")).toBe("true");
  expect(await page.locator(editor).textContent()).toBe("Another of ours");
  const confirm = modal.locator('button[data-testid="edit-message-confirm-button"]');
  expect(await confirm.locator("svg > title").textContent()).toBe("web-ic-check");
  await modal.locator('[data-testid="btn-closer-drawer"]').click();
  expect(await modal.count()).toBe(0);
});

test("9.6-02 it is offered for fifteen minutes, for our own words that were not passed on", async ({ page }) => {
  const offered = async (words: string): Promise<number> => {
    const count = await (await openMenu(page, words)).locator('[aria-label="Edit"]').count();
    await page.keyboard.press("Escape");
    return count;
  };
  expect(await offered("One more of ours")).toBe(1);
  for (const words of ["Half an hour old", "Passed on by us", "Another of theirs", "An orchid"])
    expect(await offered(words), words).toBe(0);
});

test("9.6-03 nothing to say is off, the same words send nothing, Enter confirms", async ({ page, truth }) => {
  const before = (await truth.acts("acted")).length;
  await press(page, "Another of ours", "Edit");
  const confirm = page.locator('[data-testid="edit-message-confirm-button"]');
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Backspace");
  await expect.poll(() => confirm.isDisabled()).toBe(true);
  await page.keyboard.insertText("Another of ours");
  await confirm.click();
  expect(await page.locator(editor).count()).toBe(0);
  expect(await truth.acts("acted")).toHaveLength(before);
  await press(page, "Another of ours", "Edit");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("Quite another of ours");
  await page.keyboard.press("Enter");
  await said(page, "Quite another of ours").locator('[data-testid="msg-meta"]').getByText("Edited").waitFor();
  expect((await truth.acts("acted")).at(-1)).toMatchObject({
    what: { do: "edit", text: "Quite another of ours" },
    outcome: "done",
  });
  expect((await truth.said("Menu", "Quite another of ours"))[0]?.edited_at).toHaveLength(1);
});

test("9.7-01 a star stands in the corner and goes again; nobody else learns of it", async ({ page, truth }) => {
  const star = said(page, "Hello there").locator('[data-testid="msg-meta"] [data-testid="icon-star"][aria-label]');
  await press(page, "Hello there", "Star");
  await star.waitFor();
  await page.locator('[data-testid="toast-body"]').getByText("Message starred").waitFor();
  expect((await truth.said("Menu", "Hello there"))[0]?.starred).toBe(true);
  await press(page, "Hello there", "Unstar");
  await expect.poll(() => star.count()).toBe(0);
  expect((await truth.said("Menu", "Hello there"))[0]?.starred).toBe(undefined);
});
