// What life hands out by account, region or experiment: what a person sees, and that the ledger knows no difference.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { chatRow, openChat, pressAgain, type Stage, said } from "./stage.ts";

const test = onStage();

const wearing = async (stage: Stage, page: Page, look: object): Promise<void> => {
  await stage.post("look", look);
  await page.reload();
  await chatRow(page, "Pinned one").waitFor();
};

test("1.3-04 look.ref_undefined: after the scan the page shows what is no code, and the device is linked all the same", async ({
  stage,
  truth,
}) => {
  await stage.post("look", { ref_undefined: true });
  const other = await stage.unlinked({ zone: "America/Recife" });
  await other.locator("[data-ref]").waitFor();
  await stage.post("speed", { speed: 0.1 });
  await stage.scan(other);
  await other.locator('[data-ref^="undefined,"] canvas').waitFor();
  expect((await truth.account()).acts.at(-1)?.act).toBe("linked");
  await stage.post("speed", { speed: 8 });
  await other.locator("#pane-side").waitFor();
  expect((await truth.account()).acts.at(-1)?.act).toBe("page_started");
  await other.close();
  await stage.post("look", {});
});

test("look.ref_prefix look.ref_suffix: the code has an address before and behind, and the phone can scan it", async ({
  stage,
  truth,
}) => {
  await stage.post("look", { ref_prefix: true, ref_suffix: true });
  const other = await stage.unlinked({ zone: "America/Recife" });
  const ref = await other.locator("[data-ref]").getAttribute("data-ref");
  expect(ref).toMatch(/^https:\/\/wa\.me\/settings\/linked_devices#2@.*,1,https:\/\/faq\.whatsapp\.com\/r\/ld$/);
  const linked = (await truth.acts("linked")).length;
  await stage.scan(other);
  await other.locator("#pane-side").waitFor();
  expect(await truth.acts("linked")).toHaveLength(linked + 1);
  await other.close();
  await stage.post("look", {});
});

test("look.hour12: the clock's style is the account's, the time is the ledger's", async ({ stage, truth, page }) => {
  await wearing(stage, page, { hour12: false });
  const key = await stage.write("Kinds", "on the clock");
  await openChat(page, "Kinds");
  const at = (await truth.said("Kinds", "on the clock"))[0]?.at ?? 0;
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "America/Belem" });
  const meta = page.locator(`#main [data-testid="conv-msg-${key}"] [data-testid="msg-meta"]`);
  expect(await meta.textContent()).toContain(format.format(at));
  expect(await meta.textContent()).not.toMatch(/[AP]M/);
  await wearing(stage, page, { hour12: true });
  await openChat(page, "Kinds");
  expect(await meta.textContent()).toMatch(/\d?\d:\d\d\s[AP]M/);
});

test("look.preview_share: from no row to every row exposes its preview, which is the ledger's last message", async ({
  stage,
  truth,
  page,
}) => {
  const exposed = page.locator('#pane-side span[data-testid="last-msg-status"][title]');
  await wearing(stage, page, { preview_share: 0 });
  expect(await exposed.count()).toBe(0);
  await wearing(stage, page, { preview_share: 1 });
  const last = (await truth.messages("Off")).at(-1)?.text;
  const row = page.locator('#pane-side [role="row"]').filter({ has: page.locator('[title="Off"]') });
  expect(await row.locator('[data-testid="last-msg-status"]').getAttribute("title")).toBe(`\u202A${last}\u202C`);
});

test("look.typing_bubble: who types shows at the end of the conversation too, and that is no message", async ({
  stage,
  truth,
  page,
}) => {
  await wearing(stage, page, { typing_bubble: true });
  await openChat(page, "Away");
  const before = (await truth.messages("Away")).length;
  await stage.post("accounts/conf/chats/Away/typing", { on: true });
  await page.locator('#main [data-testid="typing-bubble"]').waitFor();
  expect(await truth.messages("Away")).toHaveLength(before);
  await stage.post("accounts/conf/chats/Away/typing", { on: false });
});

test("look.stranger_card: a card with a key stands above a stranger's words, and no message has that key", async ({
  stage,
  truth,
  page,
}) => {
  await wearing(stage, page, { stranger_card: true });
  await openChat(page, "+55 11 92000-0021");
  const card = page.locator('#main [data-id]:has([data-testid="block-btn"])');
  await card.waitFor();
  const key = await card.getAttribute("data-id");
  expect((await truth.messages("+55 11 92000-0021")).some((message) => message.key === key)).toBe(false);
});

test("look.generation: a page that nobody has seen shows the same words and sends them", async ({
  stage,
  truth,
  page,
}) => {
  await wearing(stage, page, { generation: "unknown:3" });
  const row = page.locator('#pane-side [title="Away"]').first();
  await pressAgain(() => row.click(), page.locator("#main footer [contenteditable]"));
  expect(await page.locator("[data-testid]").count()).toBe(0);
  await page.keyboard.insertText("in other clothes");
  await page.keyboard.press("Enter");
  await page.locator("#main [data-id]").filter({ hasText: "in other clothes" }).last().waitFor();
  await expect.poll(() => truth.reached("Away", "in other clothes")).toBe("delivered");
  await wearing(stage, page, {});
  await openChat(page, "Away");
  await said(page, "in other clothes").waitFor();
});
