// Acts on messages from the app: a reaction, an edit, a star, a forward and a deletion, seen in the simulator's truth.
import { readFileSync } from "node:fs";
import { type Browser, expect, type Locator, type Page } from "@playwright/test";
import { Account } from "../account.ts";
import { linkByHand } from "../browser.ts";
import { ageSessions } from "../database.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { SHOTS, SIZES, shoot } from "../shots.ts";
import { test } from "../test.ts";

const PICTURE = readFileSync(new URL("../../crates/queunir-sim/scenarios/media/receipt.jpg", import.meta.url));
const PAPER = Buffer.from("%PDF-1.4");

test("a person reacts, edits, stars, forwards and deletes, and WhatsApp has it", async ({ browser }) => {
  const service = await Service.create();
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    const phone = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, phone, service);
    const list = app.getByRole("navigation", { name: "Chats" });
    await list.getByText("Marcos").first().click();
    const log = app.getByRole("log");
    // The number is a fact of its own and stands in no other place.
    const person = app.getByRole("complementary", { name: "Contact" });
    await expect(person.getByText("+55 11 95550-0112")).toHaveCount(1);
    const theirs = log.locator("article[data-direction=in]").last();
    await menuOf(theirs);
    await app.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
    await expect(theirs.getByRole("list", { name: "Reactions" })).toContainText("👍", { timeout: 30_000 });

    await app.getByLabel("Write a message").fill("We close at sevn");
    await app.keyboard.press("Enter");
    const ours = log.locator("article[data-direction=out]").filter({ hasText: "We close at" }).last();
    await expect(ours.getByRole("img", { name: /Delivered|Read/ })).toBeVisible({ timeout: 30_000 });
    await menuOf(ours);
    await app.getByRole("menuitem", { name: "Edit" }).click();
    await app.getByLabel("New text of the message").fill("We close at seven");
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
    await expect(forward.getByLabel("Search by name or number")).toBeFocused();
    await app.keyboard.type("Beatriz");
    await forward.getByRole("radio", { name: /Beatriz/ }).check();
    await forward.getByRole("button", { name: /Forward to Beatriz/ }).click();
    await expect(async () => {
      const other = (await ledger(service)).chats.find((chat) => chat.title.startsWith("Beatriz"));
      expect(other?.messages.at(-1)).toMatchObject({ direction: "out", text: "We close at seven" });
    }).toPass({ timeout: 40_000 });
    await expect(ours.getByText("On its way", { exact: false })).toBeHidden({ timeout: 30_000 });

    await pictures(browser, app, service);
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

/** What is chosen where, in every language and both sizes, for people to look at. */
async function pictures(browser: Browser, app: Page, service: Service): Promise<void> {
  if (!SHOTS) return;
  // Signed in a while ago: what is grave asks for the password.
  ageSessions(service);
  const storageState = await app.context().storageState();
  const account = await Account.of(service, await app.context().cookies());
  for (const locale of ["pt-BR", "es", "en"]) {
    await account.call("PUT", "/auth/me", { locale });
    for (const viewport of SIZES) {
      // A page of its own for each: a conversation that moves to another place on the screen closes its menu.
      const context = await browser.newContext({ locale, viewport, storageState });
      await choices(await context.newPage(), `acts-${locale}`, app.url());
      await context.close();
    }
  }
}

async function choices(page: Page, prefix: string, url: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  const take = async (name: string): Promise<void> => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      page.viewportSize()?.width ?? 0,
    );
    await shoot(page, `${prefix}-${name}`);
  };
  const choose = async (sign?: string): Promise<void> => {
    await page.locator("article[data-direction=out]").filter({ hasText: "We close at seven" }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menu")).toBeVisible();
    if (sign) await page.locator(`[role=menuitem]:has(.lucide-${sign})`).press("Enter");
  };
  await page.goto(url);
  await choose();
  await take("menu");
  await page.keyboard.press("Escape");

  await choose("forward");
  await dialog.getByRole("radio").first().check();
  expect(await dialog.evaluate((box) => [box.scrollWidth - box.clientWidth, box.scrollTop])).toEqual([0, 0]);
  await take("forward");
  await page.keyboard.press("Escape");

  await page.locator("input[type=file]").setInputFiles([
    { name: "a long name of a document that somebody sends.pdf", mimeType: "application/pdf", buffer: PAPER },
    { name: "receipt.jpg", mimeType: "image/jpeg", buffer: PICTURE },
  ]);
  await expect(dialog).toBeVisible();
  await take("file");
  await dialog.getByRole("button", { name: "receipt.jpg" }).click();
  await expect(dialog.getByRole("img", { name: "receipt.jpg" })).toBeVisible();
  await take("picture");
  await page.keyboard.press("Escape");

  await choose("reply");
  await expect(page.locator("form textarea")).toBeFocused();
  await take("reply");

  await page.goto(new URL("/chats", url).href);
  await page.locator("nav button:has(.lucide-message-square-plus)").click();
  await expect(dialog.locator("input")).toBeFocused();
  await take("new-chat");
  await page.keyboard.type("123");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await take("new-chat-refused");

  await page.goto(new URL("/connection", url).href);
  await page.getByRole("button", { name: /^(Disconnect|Desconectar)…$/ }).click();
  await dialog.getByRole("button").last().click();
  await expect(dialog.locator("input[type=password]")).toBeFocused();
  await take("password");
  await page.keyboard.type("somebody else's guess");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await take("password-refused");
}
