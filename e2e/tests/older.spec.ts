// Older messages from the app: scrolling up asks WhatsApp and the phone, and what they say stands at the top.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator } from "@playwright/test";
import { Account } from "../account.ts";
import { trouble } from "../faults.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { shootBoth } from "../shots.ts";
import { test } from "../test.ts";

/** More than the page has when the chat opens. */
const MESSAGES = 120;

test("scrolling up brings older messages, from the phone too, until the start", async ({ browser }) => {
  const dir = mkdtempSync(join(tmpdir(), "qn-older-"));
  const service = await Service.create({ scenario: longStory(dir) });
  try {
    const context = await browser.newContext({ locale: "en-US" });
    const app = await context.newPage();
    await app.goto(`${service.app}/sign-up`);
    await app.getByLabel("E-mail").fill("ana@example.com");
    await app.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
    await app.getByRole("button", { name: "Create account" }).click();
    await expect(app.getByRole("button", { name: "Connect WhatsApp" })).toBeVisible();
    const account = await Account.of(service, await context.cookies());
    await account.link("on_open");
    // What the page has no more of is on the phone, which wants to be asked there first.
    await trouble(service, { older_on_phone: true, older_refused: true });
    await app.getByRole("navigation", { name: "Chats" }).getByText("Long Story").first().click();
    const log = app.getByRole("log");
    await expect(message(log, MESSAGES)).toBeVisible({ timeout: 30_000 });

    expect(await count(account)).toBeLessThan(MESSAGES);
    const permission = log.getByText("WhatsApp wants your permission on the phone");
    await shootBoth(app, "older-permission", () => upUntil(log, permission));
    await upUntil(log, permission);

    await trouble(service, { older_on_phone: true });
    const before = await count(account);
    await log.getByRole("button", { name: "Try again" }).press("Enter");
    await expect.poll(() => count(account), { timeout: 30_000 }).toBeGreaterThan(before);
    await trouble(service, {});
    const start = log.getByText("Start of the conversation");
    await shootBoth(app, "older-start", () => upUntil(log, start));
    await upUntil(log, start);
    await expect(message(log, 1)).toBeVisible();
    await expect(app.getByText(`${MESSAGES} messages`)).toBeVisible();

    const truth = (await ledger(service)).chats.find((chat) => chat.title === "Long Story");
    const texts = truth?.messages.filter((one) => one.kind === "text").map((one) => one.text);
    const [chat] = (await account.stored()).chats;
    expect(chat?.messages.map((one) => one.text)).toEqual(texts);
  } finally {
    await service.remove();
    rmSync(dir, { recursive: true });
  }
});

function longStory(dir: string): string {
  const script = ["@ -2d 10:00"];
  for (let n = 1; n <= MESSAGES; n++) script.push(`${n % 3 === 0 ? ">" : "<"} message ${n}`, "+ 7");
  const path = join(dir, "older.toml");
  // The simulator is somebody else on this machine.
  chmodSync(dir, 0o755);
  writeFileSync(
    path,
    `seed = 1\n[account]\nid = "test"\nname = "Loja"\nphone = "+55 11 90000-0001"\nlocale = "en"\n` +
      `time_zone = "America/Sao_Paulo"\n` +
      `[[chats]]\nname = "Long Story"\nphone = "+55 11 93000-0001"\nscript = '''\n${script.join("\n")}\n'''\n`,
  );
  return path;
}

function message(log: Locator, n: number): Locator {
  return log.getByText(`message ${n}`, { exact: true });
}

/** Scrolls up as long as it takes until something shows there. */
async function upUntil(log: Locator, shown: Locator): Promise<void> {
  await expect(async () => {
    await log.press("Home");
    await expect(shown).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 40_000 });
}

async function count(account: Account): Promise<number> {
  const [chat] = (await account.stored()).chats;
  return chat?.messages.length ?? 0;
}
