// A customer who does not want to be written to: suggested when they say so, decided by a person, obeyed everywhere, lifted.
import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "@playwright/test";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { shoot, shootBoth } from "../shots.ts";
import { test } from "../test.ts";
import { incoming } from "../traffic.ts";

test("a customer who writes STOP is not written to any more, because a person says so", async ({ browser }) => {
  const service = await Service.create({ scenario: "test" });
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    await app.getByRole("navigation", { name: "Chats" }).getByText("Alice Online").first().click();
    const field = app.getByLabel("Write a message");
    await expect(field).toBeVisible();
    await write(service, "Alice Online", "Stop!");

    // Asked, not decided: one can still write, and one may say that it means something else.
    const question = app.getByText("“Stop!” may mean that this customer does not want to be written to.");
    await expect(question).toBeVisible({ timeout: 30_000 });
    await expect(field).toBeEnabled();
    await shootBoth(app, "opt-out-question", () => expect(question).toBeVisible());
    await app.getByRole("button", { name: "It does not mean that" }).press("Enter");
    await expect(question).toBeHidden();
    await expect(field).toBeEnabled();

    // Said in the contact's column, by keyboard.
    await panel(app);
    await app.getByRole("button", { name: "Does not want messages…" }).press("Enter");
    const dialog = app.getByRole("dialog", { name: "Write no more to this customer?" });
    await dialog.getByRole("radio", { name: "They asked for it" }).press("Space");
    await shoot(app, "opt-out-dialog");
    await dialog.getByRole("button", { name: "Write no more" }).press("Enter");
    await expect(dialog).toBeHidden();
    const closed = app.getByText("This customer does not want to be written to.");
    await expect(closed).toBeVisible();
    await expect(field).toBeHidden();
    await expect(app.getByRole("button", { name: "Send" })).toBeHidden();
    await shootBoth(app, "opt-out-closed", () => expect(app.getByText("They asked for it").first()).toBeVisible());

    // Lifted again, one can write.
    await panel(app);
    await app.getByRole("button", { name: "May be written to again" }).press("Enter");
    await expect(field).toBeVisible();
    await field.fill("Thank you for telling us");
    await field.press("Enter");
    await expect(async () => {
      const chat = (await ledger(service)).chats.find((one) => one.title === "Alice Online");
      expect(chat?.messages.map((one) => one.text)).toContain("Thank you for telling us");
    }).toPass({ timeout: 60_000 });

    await app.getByRole("button", { name: "Account menu" }).click();
    await app.getByRole("menuitem", { name: "Opt-out words…" }).click();
    const words = app.getByRole("dialog", { name: "Opt-out words" });
    await expect(words.getByLabel("One word or phrase per line")).toHaveValue(/^STOP\n/);
    await words.getByLabel("One word or phrase per line").fill("no more please");
    await shoot(app, "opt-out-words");
    await words.getByRole("button", { name: "Save" }).click();
    await expect(words).toBeHidden();
    await write(service, "Alice Online", "No more, please");
    await expect(app.getByText("“No more, please” may mean")).toBeVisible({ timeout: 30_000 });
  } finally {
    await service.remove();
  }
});

test("a list of numbers is looked at, taken in, obeyed, and saved as a file, by keyboard and on a phone", async ({
  browser,
}) => {
  const service = await Service.create({ scenario: "test" });
  try {
    const app = await (await browser.newContext({ locale: "en-US", viewport: { width: 390, height: 844 } })).newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    const list = async (): Promise<Locator> => {
      await app.getByRole("button", { name: "Account menu" }).press("Enter");
      await app.getByRole("menuitem", { name: "Opt-outs: list, import and export…" }).press("Enter");
      return app.getByRole("dialog", { name: "Who does not want messages" });
    };
    const dialog = await list();
    await expect(dialog.getByText("Nobody has opted out.")).toBeVisible();
    await dialog.getByRole("button", { name: "Import…" }).press("Enter");

    // What is no list changes nothing and says so.
    await dialog.getByLabel("Choose a file").setInputFiles({
      name: "list.csv",
      mimeType: "text/csv",
      buffer: Buffer.from([0xff, 0xfe, 0x2b, 0x00]),
    });
    await expect(dialog.getByRole("alert")).toContainText("This file is no CSV or plain list in UTF-8.");

    await dialog
      .getByLabel("Or paste numbers here, one per line")
      .fill("+351 912 345 678\n912 345 678\n+55 11 98765-4321\n+55 11 8765-4321");
    await dialog.getByRole("button", { name: "Check" }).press("Enter");
    await expect(dialog.getByRole("heading", { name: "What this changes" })).toBeFocused();
    await expect(dialog.getByText("2 numbers without a conversation are remembered")).toBeVisible();
    await expect(dialog.getByText("1 line was known already or comes twice")).toBeVisible();
    await expect(dialog.getByText("Line 2")).toBeVisible();
    await expect(dialog.getByText("A number begins with + and the country's code.")).toBeVisible();
    await shoot(app, "opt-out-import");
    expect(await app.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await dialog.getByRole("button", { name: "Import", exact: true }).press("Enter");
    await expect(dialog.getByRole("heading", { name: "What was changed" })).toBeFocused();
    await dialog.getByRole("button", { name: "Back" }).press("Enter");
    await expect(dialog.getByText("2 opt-outs")).toBeVisible();
    await shoot(app, "opt-out-list");

    const saved = app.waitForEvent("download");
    await dialog.getByRole("button", { name: "Save as CSV" }).press("Enter");
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^opt-outs-\d{4}-\d\d-\d\d\.csv$/);
    const text = await readFile(await file.path(), "utf8");
    expect(text).toMatch(/^\u{feff}phone,name,since,reason\r\n/u);
    expect(text).toContain("'+5511987654321,,");
    await dialog.getByRole("button", { name: "+351 912 345 678 may be written to again" }).press("Enter");
    await expect(dialog.getByText("1 opt-out", { exact: true })).toBeVisible();
  } finally {
    await service.remove();
  }
});

async function write(service: Service, title: string, text: string): Promise<void> {
  const account = await ledger(service);
  const chat = account.chats.find((one) => one.title === title);
  if (!chat) throw new Error(`no chat ${title}`);
  await incoming(service, account.id, chat.id, text);
}

/** Shows the contact's column if it is hidden. */
async function panel(app: Page): Promise<void> {
  const column = app.getByRole("complementary", { name: "Contact" });
  if (!(await column.isVisible())) await app.getByRole("button", { name: "Show contact" }).click();
  await expect(column).toBeVisible();
}
