// Evidence 4: composer, sending, attachments, search, opening by number.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Truth } from "./ledger.ts";
import { chatRow, holding, LAST_ROW, openChat, PNG, Stage, said } from "./stage.ts";
import { watch } from "./watch.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  page = await stage.linked();
});
afterAll(() => stage.end());

const editor = (): Locator =>
  page.locator('#main footer div[contenteditable="true"][role="textbox"][data-tab="10"][data-lexical-editor="true"]');
const field = (): Locator =>
  page.locator('[data-testid="chat-list-search-container"] input[role="textbox"][data-tab="3"]');
const rowCount = (): Promise<string | null> => page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount");

test("4.1-01 the editor has its test id, its tab and the chat's name", async () => {
  await openChat(page, "Kinds");
  expect(await editor().getAttribute("data-testid")).toBe("conversation-compose-box-input");
  expect(await editor().getAttribute("aria-label")).toBe("Type a message to Kinds");
  expect(await editor().getAttribute("aria-placeholder")).toBe("Type a message");
  expect(await page.locator('#main footer [data-testid="compose-box"]').count()).toBe(1);
});

test("4.1-02 empty is one paragraph with a break, text is a lexical span", async () => {
  expect(await editor().innerHTML()).toMatch(/^<p[^>]*><br[^>]*><\/p>$/);
  await page.keyboard.insertText("words");
  expect(await editor().locator('p.selectable-text.copyable-text > span[data-lexical-text="true"]').textContent()).toBe(
    "words",
  );
});

test("4.1-05 a changed document is not believed", async () => {
  await editor().evaluate((node) => {
    const text = node.querySelector("span");
    if (text) text.textContent = "forged";
  });
  await page.keyboard.press("Enter");
  await expect.poll(() => editor().textContent()).toBe("");
  expect(await page.locator("#main").textContent()).not.toContain("forged");
});

test("4.1-06 Shift+Enter breaks the line, Enter sends", async () => {
  await page.keyboard.type("one");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  await page.keyboard.press("Enter");
  await said(page, "one").waitFor();
  expect(
    await said(page, /one\s*two/)
      .locator('[data-testid="selectable-text"]')
      .textContent(),
  ).toBe("one\ntwo");
});

test("4.1-03 where we may not write there is a notice", async () => {
  await openChat(page, "Read only");
  expect(await page.locator('#main footer [data-testid="compose-box"]').textContent()).toContain("Only admins");
  expect(await editor().count()).toBe(0);
});

test("4.1-04 an unsaved contact's number is in the label", async () => {
  await openChat(page, "+55 11 92000-0021");
  expect(await editor().getAttribute("aria-label")).toBe("Type a message to +55 11 92000-0021");
});

test("4.2-01 the send button is there only with text, else the microphone", async () => {
  await openChat(page, "Kinds");
  const button = page.locator('#main footer button[data-tab="11"]');
  expect(await button.locator("title").textContent()).toBe("ic-mic");
  await page.keyboard.insertText("x");
  await page
    .locator('[data-testid="compose-btn-send"][data-tab="11"][aria-label="Send"] [data-icon="wds-ic-send-filled"]')
    .waitFor();
  expect(await button.count()).toBe(1);
  await page.keyboard.press("Backspace");
  await expect.poll(() => button.locator("title").textContent()).toBe("ic-mic");
});

test("4.2-02 a row of ours appears at once and may get another key", async () => {
  await stage.post("trouble", { rekey: true, slow_ms: 4000 });
  const keys = await watch(page, LAST_ROW, "data-id");
  await page.keyboard.insertText("changes its key");
  await page.keyboard.press("Enter");
  // The row before it, then its own two.
  await expect.poll(async () => (await keys()).length).toBe(3);
  expect(await said(page, "changes its key").getAttribute("data-id")).toBe((await keys())[2]);
  await stage.post("trouble", {});
  expect(await page.locator("#main [data-id]").filter({ hasText: "changes its key" }).count()).toBeLessThan(3);
});

test("4.2-03 a clock can stay, and that is no failure", async () => {
  await stage.post("trouble", { send_never_delivered: true });
  await page.keyboard.insertText("never arrives");
  await page.keyboard.press("Enter");
  await said(page, "never arrives").waitFor();
  await expect
    .poll(async () => (await new Truth(stage).account()).submissions.some(({ accepted }) => accepted === 0))
    .toBe(true);
  expect(await said(page, "never arrives").locator('[aria-label=" Pending "]').count()).toBe(1);
  expect(await said(page, "never arrives").locator('[data-testid="message-fail"]').count()).toBe(0);
  await stage.post("trouble", {});
});

test("4.3-01 the clip opens a menu with its items", async () => {
  await page.locator('[data-testid="conversation-clip"]').click();
  const menu = page.locator('[data-testid="attach-menu-popup"]');
  for (const testid of ["mi-attach-media", "mi-attach-document"])
    await menu.locator(`[data-testid="${testid}"]`).waitFor();
});

test("4.3-02 the input exists only while the system's dialog is open", async () => {
  await openChat(page, "Kinds");
  const item = page.locator('[data-testid="mi-attach-media"]');
  if ((await item.count()) === 0) await page.locator('[data-testid="conversation-clip"]').click();
  expect(await page.locator('input[type="file"]').count()).toBe(0);
  const asked = page.waitForEvent("filechooser");
  await item.click();
  const chooser = await asked;
  const input = page.locator('body > input[type="file"]:last-child');
  expect(await input.evaluate((node) => getComputedStyle(node).display)).toBe("none");
  expect(await input.getAttribute("accept")).toContain("image/*,video/mp4");
  await chooser.setFiles({ name: "dot.png", mimeType: "image/png", buffer: PNG });
  await expect.poll(() => page.locator('input[type="file"]').count()).toBe(0);
});

test("4.3-03 the preview has a caption and a send button of its own", async () => {
  const preview = page.locator('[data-testid="media-preview"]');
  const caption = preview.locator('[contenteditable="true"][role="textbox"][data-lexical-editor="true"]');
  await caption.waitFor();
  await caption.focus();
  await page.keyboard.insertText("with a caption");
  await preview.locator('[role="button"]:has([data-icon="wds-ic-send-filled"])').click();
  await said(page, "with a caption").locator('img[src^="blob:"]').waitFor();
  const state = said(page, "with a caption").locator('[data-testid="msg-meta"] [aria-label]');
  await expect.poll(() => state.getAttribute("aria-label")).toMatch(/Delivered|Read/);
  const ledger = await stage.get<{ accounts: { acts: { act: string; accepted: boolean }[] }[] }>("ledger");
  expect(ledger.accounts[0]?.acts.filter(({ act }) => act === "attached")).toHaveLength(1);
  expect(await holding(page, '[data-testid="image-thumb"]').last().textContent()).toContain("with a caption");
});

test("4.4-01 the field is an input in its container with a label", async () => {
  expect(await field().getAttribute("aria-label")).toBe("Search or start a new chat");
});

test("4.4-02 a value that was set is not a search", async () => {
  const before = await rowCount();
  await field().evaluate((node: HTMLInputElement) => {
    node.value = "Muted";
    node.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.waitForTimeout(600);
  expect(await rowCount()).toBe(before);
  await field().fill("");
});

test("4.4-03 hits are grouped, and a message repeats its chat", async () => {
  await field().pressSequentially("Third from");
  const hit = chatRow(page, "Group of three");
  await expect.poll(() => page.locator('#pane-side [role="row"]').first().textContent()).toBe("Messages");
  expect(await hit.textContent()).toContain("Third from Ana");
});

test("4.4-04 Escape and the button in the field clear it", async () => {
  await field().press("Escape");
  await expect.poll(rowCount).not.toBe("2");
  expect(await field().inputValue()).toBe("");
  await field().pressSequentially("Third from");
  await expect.poll(rowCount).toBe("2");
  await page.locator('[data-testid="chat-list-search-container"] button').click();
  await expect.poll(rowCount).not.toBe("2");
});

test("4.5-01 an address with a number opens its chat with the text", async () => {
  await page.close();
  await stage.post("trouble", { slow_ms: 16_000 });
  page = await stage.linked({ path: "/send?phone=5511920000022&text=Hello%20there" });
  await page.locator('[role="dialog"]').getByText("Starting chat").waitFor();
  await stage.post("trouble", {});
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="Pinned one"]').waitFor();
  await expect.poll(() => editor().textContent()).toBe("Hello there");
  expect(await page.locator('[role="dialog"]').count()).toBe(0);
});

test("4.5-02 or says in a dialog with one button why not", async () => {
  for (const [query, words, trouble] of [
    ["phone=12", "Phone number shared via url is invalid.", {}],
    ["phone=5521955550000", "The phone number +55 21 95555-0000 isn't on WhatsApp.", { numbers_absent: true }],
  ] as const) {
    await stage.post("trouble", trouble);
    await page.close();
    page = await stage.linked({ path: `/send?${query}` });
    const dialog = page.locator('[role="dialog"] [data-testid="confirm-popup"]');
    await dialog.getByText(words).waitFor();
    expect(await dialog.locator('[data-testid="popup-controls-cancel"]').count()).toBe(0);
    await dialog.locator('[data-testid="popup-controls-ok"]').click();
    expect(await page.locator("#main").count()).toBe(0);
  }
  await stage.post("trouble", {});
});

test("a chat that was begun by its number is in the list from its first message on", async () => {
  await page.close();
  page = await stage.linked({ path: "/send?phone=5521955551111" });
  const name = "+55 21 95555-1111";
  await page.locator(`#main [data-testid="conversation-info-header-chat-title"][title="${name}"]`).waitFor();
  const listed = page.locator(`#pane-side [data-testid="cell-frame-title"] [title="${name}"]`);
  expect(await listed.count()).toBe(0);
  await editor().click();
  await page.keyboard.type("Hello");
  await page.keyboard.press("Enter");
  await listed.waitFor();
});
