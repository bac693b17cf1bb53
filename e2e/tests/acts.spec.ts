// Acts on messages from the app: a reaction, an edit, a star, a forward and a deletion, seen in the simulator's truth.
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";

const SIZES = [
  [1440, 900],
  [390, 844],
] as const;

test("a person reacts, edits, stars, forwards and deletes, and WhatsApp has it", async ({ browser }) => {
  const service = await Service.create();
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    const phone = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, phone, service);
    const list = app.getByRole("navigation", { name: "Chats" });
    await list.getByText("Marcos").first().click();
    const log = app.getByRole("log");
    const theirs = log.locator("article[data-direction=in]").last();
    await menuOf(theirs);
    await app.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
    await expect(theirs.getByRole("list", { name: "Reactions" })).toContainText("👍", { timeout: 30_000 });

    await app.getByLabel("Write a message").fill("We close at sevn");
    await app.keyboard.press("Enter");
    const ours = log.locator("article[data-direction=out]").filter({ hasText: "We close at" }).last();
    await expect(ours.getByRole("img", { name: /Delivered|Read/ })).toBeVisible({ timeout: 30_000 });
    await menuOf(ours);
    await shots(app, "menu");
    await app.getByRole("menuitem", { name: "Edit" }).click();
    await app.getByLabel("New text of the message").fill("We close at seven");
    await shots(app, "edit");
    await app.keyboard.press("Enter");
    await expect(ours).toContainText("We close at seven", { timeout: 30_000 });
    await expect(ours).toContainText("edited");

    // By keyboard alone.
    await ours.focus();
    await app.keyboard.press("Enter");
    await app.getByRole("menuitem", { name: "Star" }).press("Enter");
    await expect(ours.getByRole("img", { name: "starred" })).toBeVisible({ timeout: 30_000 });

    await menuOf(ours);
    await app.getByRole("menuitem", { name: "Forward" }).click();
    const forward = app.getByRole("dialog", { name: "Forward to" });
    await forward.getByLabel("Search by name or number").fill("Beatriz");
    await forward.getByRole("radio", { name: /Beatriz/ }).check();
    await shots(app, "forward");
    await forward.getByRole("button", { name: /Forward to Beatriz/ }).click();
    await expect(async () => {
      const other = (await ledger(service)).chats.find((chat) => chat.title.startsWith("Beatriz"));
      expect(other?.messages.at(-1)).toMatchObject({ direction: "out", text: "We close at seven" });
    }).toPass({ timeout: 40_000 });
    await expect(ours.getByText("On its way", { exact: false })).toBeHidden({ timeout: 30_000 });

    await menuOf(ours);
    await app.getByRole("menuitem", { name: "Delete for everyone" }).click();
    const question = app.getByRole("dialog", { name: "Delete for everyone?" });
    await expect(question).toContainText("cannot be undone");
    await question.getByRole("button", { name: "Delete for everyone" }).click();
    await expect(log.locator("article[data-direction=out]").last()).toContainText("deleted", { timeout: 30_000 });
    const mine = (await ledger(service)).chats.find((chat) => chat.title.startsWith("Marcos"));
    expect(mine?.messages.find((message) => message.text === "We close at seven")).toMatchObject({
      deleted_at: expect.any(Number),
    });
  } finally {
    await service.remove();
  }
});

async function menuOf(bubble: Locator): Promise<void> {
  await bubble.hover();
  await bubble.getByRole("button", { name: "Open message options" }).click();
}

async function shots(app: Page, name: string): Promise<void> {
  if (!process.env.QN_SHOTS) return;
  for (const [width, height] of SIZES) {
    await app.setViewportSize({ width, height });
    await app.screenshot({ path: join(process.env.QN_SHOTS, `acts-${name}-${width}.png`) });
  }
  await app.setViewportSize({ width: 1440, height: 900 });
}
