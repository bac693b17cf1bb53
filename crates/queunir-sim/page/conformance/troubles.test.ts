// What a person sees on the page, and what the ledger says, while something goes wrong on purpose.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chatRow, holding, openChat, Stage, said } from "./stage.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  page = await stage.linked();
});
afterAll(() => stage.end());

interface Ledger {
  accounts: {
    acts: { act: string; chat?: string }[];
    chats: { title: string; messages: { text: string; acks?: { ack: string }[] }[] }[];
  }[];
}
const messagesOf = async (title: string): Promise<Ledger["accounts"][0]["chats"][0]["messages"]> => {
  const { accounts } = await stage.get<Ledger>("ledger");
  return accounts[0]?.chats.find((chat) => chat.title === title)?.messages ?? [];
};
const main = (selector: string): Locator => page.locator(`#main ${selector}`);
const write = async (text: string): Promise<void> => {
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
};

test("rows that never load leave the former chat, and the ledger knows that one was opened", async () => {
  await openChat(page, "Away");
  await stage.post("trouble", { rows_never_load: true });
  await chatRow(page, "Texts").locator('[role="gridcell"]').first().click();
  const opened = async (): Promise<number> => {
    const { accounts } = await stage.get<Ledger>("ledger");
    return accounts[0]?.acts.filter(({ act }) => act === "chat_opened").length ?? 0;
  };
  await expect.poll(opened).toBe(2);
  expect(await main('[data-testid="conversation-info-header-chat-title"]').textContent()).toBe("Away");
  await stage.post("trouble", {});
});

test("media that never arrive stay blurred", async () => {
  await stage.post("trouble", { media_never: true });
  await openChat(page, "Kinds");
  await holding(page, '[data-testid="image-thumb"]').last().locator('[data-testid="media-state-download"]').waitFor();
  expect(await main('img[src^="blob:"]').count()).toBe(0);
  await stage.post("trouble", {});
});

test("a row that is drawn twice has one key", async () => {
  await openChat(page, "Off");
  await stage.post("disturb", { odd: "duplicate" });
  const rows = main('[data-testid^="conv-msg-"]').filter({ hasText: "Sent words" });
  await expect.poll(() => rows.count()).toBe(2);
  const keys = await rows.evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
  expect(new Set(keys).size).toBe(1);
  expect((await messagesOf("Off")).filter(({ text }) => text === "Sent words")).toHaveLength(1);
});

test("a row of unknown markup has a key and is no message of the ledger", async () => {
  const before = (await messagesOf("Off")).length;
  await stage.post("disturb", { odd: "strange" });
  await main("section[data-id]").waitFor();
  expect(await messagesOf("Off")).toHaveLength(before);
});

test("a message can be delivered although the page shows an error", async () => {
  await stage.post("trouble", { send_delivered_but_error: true });
  await openChat(page, "Away");
  await write("arrives all the same");
  await said(page, "arrives all the same").locator('[data-testid="message-fail"]').waitFor();
  const stored = async (): Promise<string | undefined> =>
    (await messagesOf("Away")).find(({ text }) => text === "arrives all the same")?.acks?.at(-1)?.ack;
  await expect.poll(stored).toBe("delivered");
  await stage.post("trouble", {});
});

test("a swallowed submission leaves neither row nor act", async () => {
  await stage.post("disturb", { swallow: true });
  await write("nobody gets this");
  await expect.poll(() => main('footer [role="textbox"]').textContent()).toBe("");
  expect(await main('[data-testid^="conv-msg-"]').filter({ hasText: "nobody gets this" }).count()).toBe(0);
  expect((await messagesOf("Away")).some(({ text }) => text === "nobody gets this")).toBe(false);
});

test("a chat that renames itself and a number that hides show under their new names", async () => {
  await stage.toChat("Away", { do: "rename", name: "Someone else" });
  await main('[data-testid="conversation-info-header-chat-title"][title="Someone else"]').waitFor();
  await stage.toChat("Someone else", { do: "rename", name: "Kinds" });
  await expect.poll(() => chatRow(page, "Kinds").count()).toBe(2);
  await stage.toChat("+55 11 92000-0021", { do: "hide_phone", shown: "~Stranger" });
  await chatRow(page, "~Stranger").waitFor();
});

test("a hanging renderer answers again, a blank page after the next load", async () => {
  await stage.post("disturb", { hang_ms: 1500 });
  const start = Date.now();
  await page.evaluate(() => document.title);
  expect(Date.now() - start).toBeGreaterThan(700);
  await stage.post("disturb", { blank: true });
  await expect.poll(() => page.locator("#pane-side, #main").count()).toBe(0);
  await page.reload();
  await page.locator("#pane-side").waitFor();
});

test("the names and texts of the hostile account are shown, not obeyed", async () => {
  const hostile = await Stage.start("hostile");
  const other = await hostile.linked();
  const alerts: string[] = [];
  other.on("dialog", (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  const rows = other.locator('#pane-side [data-testid="cell-frame-container"]');
  for (let index = 0; index < 6; index += 1) {
    await rows.nth(index).locator('[role="gridcell"]').first().click();
    await other.locator('#main [data-testid="msg-container"]').last().waitFor();
  }
  expect(await other.locator("#app script, #app img[src='x'], #app iframe").count()).toBe(0);
  expect(await other.locator("#app").textContent()).toContain("<script>alert(1)</script>");
  expect(alerts).toEqual([]);
  await hostile.end();
});
