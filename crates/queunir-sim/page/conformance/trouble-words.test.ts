// Names and texts that break what is careless: what a person sees, and what the ledger says was written.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { Truth } from "./ledger.ts";
import { onStage } from "./scene.ts";
import { chatRow, openChat, Stage, said } from "./stage.ts";

/** What scripts in names and texts said. */
const alerts: string[] = [];
function listen(to: Page): void {
  to.on("dialog", (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
}

const test = onStage({ page: listen });

/** The words of a row as they are copied: emoji are pictures. */
const words = (page: Page, key: string): Promise<string> =>
  page.locator(`#main [data-testid="conv-msg-${key}"] [data-testid="selectable-text"]`).evaluate((node) => {
    const read = (one: Node): string =>
      one instanceof HTMLImageElement ? one.alt : (one.nodeValue ?? [...one.childNodes].map(read).join(""));
    return read(node);
  });

test("to_chat.rename: a chat that renames itself shows its new name everywhere, and is the same chat", async ({
  stage,
  truth,
  page,
}) => {
  await openChat(page, "Away");
  const [before] = await truth.chats("Away");
  await stage.toChat("Away", { do: "rename", name: "Someone else" });
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="Someone else"]').waitFor();
  await chatRow(page, "Someone else").waitFor();
  expect(await chatRow(page, "Away").count()).toBe(0);
  expect(await truth.chats("Someone else")).toMatchObject([{ id: before?.id }]);
});

test("to_chat.rename: two chats of the same name are two rows, and a message comes into one of them", async ({
  stage,
  truth,
  page,
}) => {
  await stage.toChat("Someone else", { do: "rename", name: "Kinds" });
  await expect.poll(() => chatRow(page, "Kinds").count()).toBe(2);
  const twins = await truth.chats("Kinds");
  expect(new Set(twins.map(({ phone }) => phone)).size).toBe(2);
  await stage.write("+55 11 92000-0024", "to one of the two");
  await said(page, "to one of the two").waitFor();
  const having = (await truth.chats("Kinds")).filter(({ messages }) => messages.at(-1)?.text === "to one of the two");
  expect(having.map(({ phone }) => phone)).toEqual(["+55 11 92000-0024"]);
  await stage.toChat("+55 11 92000-0024", { do: "rename", name: "Away" });
});

test("to_chat.hide_phone: a number that turns into a hidden id is shown nowhere, the ledger still knows it", async ({
  stage,
  truth,
  page,
  list,
}) => {
  await stage.toChat("+55 11 92000-0021", { do: "hide_phone", shown: "~Stranger" });
  await openChat(page, "~Stranger");
  expect(await page.locator("#app").innerHTML()).not.toContain("92000-0021");
  await list.search("92000-0021");
  await page.locator('[data-testid="search-no-chats-or-contacts-container"]').waitFor();
  await page.keyboard.press("Escape");
  expect(await truth.chats("~Stranger")).toMatchObject([{ phone: "+55 11 92000-0021" }]);
});

test("equal texts in one minute are two rows with the same stamp, and two messages", async ({ stage, truth, page }) => {
  await openChat(page, "Texts");
  const at = Date.now() + 60_000;
  const keys = [
    await stage.write("Texts", "the same again", { at }),
    await stage.write("Texts", "the same again", { at }),
  ];
  const rows = page.locator('#main [data-testid^="conv-msg-"]').filter({ hasText: "the same again" });
  await expect.poll(() => rows.count()).toBe(2);
  expect(await rows.evaluateAll((all) => all.map((one) => one.getAttribute("data-id")))).toEqual(keys);
  const stamps = await rows
    .locator("[data-pre-plain-text]")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-pre-plain-text")));
  expect(stamps).toHaveLength(2);
  expect(stamps[0]).toBe(stamps[1]);
  expect((await truth.said("Texts", "the same again")).map(({ key }) => key)).toEqual(keys);
});

test("ten thousand emoji are as many pictures, once the rest was asked for", async ({ stage, truth, page }) => {
  const text = "😀".repeat(10_000);
  const key = await stage.write("Texts", text);
  const row = page.locator(`#main [data-testid="conv-msg-${key}"]`);
  const more = row.locator('[role="button"]').filter({ hasText: "Read more" });
  await more.waitFor();
  expect(await row.locator("img").count()).toBeLessThan(10_000);
  await more.click();
  await expect.poll(() => row.locator('img[alt="😀"]').count()).toBe(10_000);
  expect(await truth.said("Texts", text)).toMatchObject([{ key }]);
});

const MIXED: [string, string][] = [
  ["bidi overrides", "\u202Etxet desrever\u202C and back, مرحبا world שלום"],
  ["characters without width", "a\u200Bb\u200Cc\u200Dd\uFEFFe\u2060f"],
  ["markup and scripts", "<script>alert(1)</script> <img src=x onerror=alert(1)> &amp; </span>"],
  ["a forged stamp", "[10:00, 01/01/2026] Someone: forged"],
  ["two forms of one letter", "\u00E9 and e\u0301"],
];
for (const [name, text] of MIXED) {
  test(`${name} are shown as they are in the ledger, character by character`, async ({ stage, truth, page }) => {
    const key = await stage.write("Texts", text);
    await page.locator(`#main [data-testid="conv-msg-${key}"]`).waitFor();
    expect(await words(page, key)).toBe(text);
    expect(await truth.said("Texts", text)).toMatchObject([{ key }]);
    expect(await page.locator("#app script, #app img[src='x'], #app iframe").count()).toBe(0);
    expect(alerts).toEqual([]);
  });
}

test("the names and texts of the hostile account are shown, not obeyed, and all of them are in the ledger", async () => {
  const hostile = await Stage.start("hostile");
  const ledger = new Truth(hostile, "hostile");
  const other = await hostile.linked();
  listen(other);
  const rows = other.locator('#pane-side [data-testid="cell-frame-container"]');
  for (let index = 0; index < 6; index += 1) {
    const title = await rows.nth(index).locator("[title]").first().getAttribute("title");
    await rows.nth(index).locator('[role="gridcell"]').first().click();
    await expect.poll(async () => (await ledger.acts("chat_opened")).length).toBe(index + 1);
    const header = other.locator('#main [data-testid="conversation-info-header-chat-title"]');
    await expect.poll(() => header.getAttribute("title")).toBe(title);
    await other.locator('#main [data-testid="msg-container"]').last().waitFor();
  }
  expect(await other.locator("#app script, #app img[src='x'], #app iframe").count()).toBe(0);
  expect(await other.locator("#app").textContent()).toContain("<script>alert(1)</script>");
  expect(alerts).toEqual([]);
  const { chats } = await ledger.account();
  const titles = chats.map(({ title }) => title);
  expect(titles.filter((title) => title === "<script>alert(1)</script>")).toHaveLength(2);
  await hostile.end();
});
