// The main job, driven only through the two pages: the app and the demo phone.
import { type Browser, expect, type Page, test } from "@playwright/test";
import { Account } from "../account.ts";
import { compare, ledger } from "../ledger.ts";
import { Service } from "../service.ts";

const PASSWORD = "correct horse battery staple";

test("from sign-up to a conversation that survives kill -9", async ({ browser }) => {
  const service = await Service.create();
  try {
    const [app, phone] = await openBoth(browser, service);
    await signUp(app, service, "ana@example.com");
    await connect(app, phone, "Read in the background");
    const since = Date.now();

    await pickCustomer(phone, "Beatriz");
    await phone.getByRole("textbox", { name: /^Message as/ }).fill("Good morning! Is the carrot cake still there?");
    await phone.getByRole("button", { name: "Send" }).click();
    const row = app.getByRole("navigation", { name: "Chats" }).getByText("Is the carrot cake still there?");
    await expect(row).toBeVisible();
    await row.click();
    await expect(app.getByRole("log").getByText("Is the carrot cake still there?")).toBeVisible();

    await app.getByRole("textbox", { name: "Write a message" }).fill("Yes!");
    await app.keyboard.press("Shift+Enter");
    await app.keyboard.type("Shall I keep one for you? 🥕");
    await app.keyboard.press("Enter");
    const answer = app.getByRole("log").getByRole("article").filter({ hasText: "Shall I keep one for you?" });
    await expect(answer).toHaveCount(1);
    await expect(answer.getByRole("img", { name: "Read" })).toBeVisible({ timeout: 60_000 });
    await expect(
      phone.getByRole("list", { name: "Conversation" }).getByText("Shall I keep one for you?"),
    ).toBeVisible();

    expect(service.listeners().length).toBeGreaterThan(2);
    for (const address of service.listeners()) expect(address).toMatch(/^(127\.\d+\.\d+\.\d+|\[::1\]):\d+$/);

    await service.killTree();
    await service.start();
    await app.goto(`${service.app}/chats`);
    await expect(app.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 60_000 });
    await app.getByRole("navigation", { name: "Chats" }).getByText("Shall I keep one for you?").click();
    await expect(app.getByRole("log").getByText("Is the carrot cake still there?")).toBeVisible();
    await expect(answer).toHaveCount(1);

    const stored = await (await Account.of(service, await app.context().cookies())).stored();
    expect(compare(service, stored, ["--scope", "suffix", "--since", String(since)])).toBe("");
  } finally {
    await service.remove();
  }
});

test('in the mode "only what I open" nobody sees blue ticks for chats that nobody opened', async ({ browser }) => {
  const service = await Service.create();
  try {
    const [app, phone] = await openBoth(browser, service);
    await signUp(app, service, "rui@example.com");
    await connect(app, phone, "Only what I open");

    await pickCustomer(phone, "Beatriz");
    for (const text of ["Hello?", "Are you open on Sunday?", "I need ten rolls."]) {
      await phone.getByRole("textbox", { name: /^Message as/ }).fill(text);
      await phone.getByRole("button", { name: "Send" }).click();
    }
    const row = app.getByRole("navigation", { name: "Chats" }).getByText("I need ten rolls.");
    await expect(row).toBeVisible();
    expect((await ledger(service)).receipts).toEqual([]);

    const account = await Account.of(service, await app.context().cookies());
    const truth = await ledger(service);
    for (const chat of await account.get<{ chats: StoredUnread[] }>("/api/chats").then((answer) => answer.chats)) {
      const real = truth.chats.find((one) => one.title === chat.title);
      expect(chat.unread, `unread of ${chat.title}`).toBe(real?.unread);
      expect(chat.not_read_yet, `marker of ${chat.title}`).toBeLessThanOrEqual(chat.unread);
    }

    await row.click();
    await expect(app.getByRole("log").getByText("Are you open on Sunday?")).toBeVisible();
    await expect.poll(async () => new Set((await ledger(service)).receipts.map((one) => one.chat)).size).toBe(1);
  } finally {
    await service.remove();
  }
});

interface StoredUnread {
  title: string;
  unread: number;
  not_read_yet: number;
}

async function openBoth(browser: Browser, service: Service): Promise<[Page, Page]> {
  const app = await (await browser.newContext({ locale: "en-US" })).newPage();
  const phone = await (await browser.newContext({ locale: "en-US" })).newPage();
  await phone.goto(service.phone);
  return [app, phone];
}

async function signUp(app: Page, service: Service, email: string): Promise<void> {
  await app.goto(service.app);
  await app.getByRole("link", { name: "Create an account" }).click();
  await app.getByLabel("E-mail").fill(email);
  await app.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await app.getByRole("button", { name: "Create account" }).click();
}

async function connect(app: Page, phone: Page, mode: string): Promise<void> {
  await app.getByRole("radio", { name: mode }).click();
  await app.getByRole("checkbox", { name: /I understand/ }).click();
  await app.getByRole("button", { name: "Connect WhatsApp" }).click();
  await expect(app.getByRole("img", { name: "QR code to scan with WhatsApp" })).toBeVisible();
  await phone
    .getByRole("button", { name: /^Scan code/ })
    .first()
    .click();
  await expect(app.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 90_000 });
}

async function pickCustomer(phone: Page, name: string): Promise<void> {
  await phone
    .getByRole("button", { name: new RegExp(name) })
    .first()
    .click();
}
