// The main job, driven only through the two pages: the app and the demo phone.
import { type Browser, expect, type Page } from "@playwright/test";
import { Account } from "../account.ts";
import { compare, ledger, unreadFaults } from "../ledger.ts";
import { Service } from "../service.ts";
import { test } from "../test.ts";

const PASSWORD = "correct horse battery staple";

const MODES = [
  { radio: "Read in the background", only: "" },
  { radio: "Only what I open", only: "Beatriz Nogueira" },
] as const;

for (const { radio, only } of MODES) {
  test(`from sign-up to a conversation that survives kill -9, in the mode "${radio}"`, async ({ browser }) => {
    const service = await Service.create();
    try {
      const [app, phone] = await openBoth(browser, service);
      await signUp(app, service, "ana@example.com");
      await connect(app, phone, radio);
      const since = Date.now();
      const list = app.getByRole("navigation", { name: "Chats" });

      // A customer whom nobody answers.
      await pickCustomer(phone, "Marcos");
      for (const text of ["Hello?", "Are you open on Sunday?", "I need ten rolls."]) await write(phone, text);
      await expect(list.getByText("I need ten rolls.")).toBeVisible();

      await pickCustomer(phone, "Beatriz");
      await write(phone, "Good morning! Is the carrot cake still there?");
      const row = list.getByText("Is the carrot cake still there?");
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

      // Ports of containers are the engine's, which publishes them as its template says.
      expect(service.listeners().length).toBeGreaterThan(process.env.QN_RUNTIME === "docker" ? 0 : 2);
      for (const address of service.listeners()) expect(address).toMatch(/^(127\.\d+\.\d+\.\d+|\[::1\]):\d+$/);

      await service.killTree();
      await service.start();
      await app.goto(`${service.app}/chats`);
      await expect(app.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 60_000 });
      await list.getByText("Shall I keep one for you?").click();
      await expect(app.getByRole("log").getByText("Is the carrot cake still there?")).toBeVisible();
      await expect(answer).toHaveCount(1);

      // Only now may anything but the two pages be asked.
      const account = await Account.of(service, await app.context().cookies());
      const wanted = only
        ? ["--scope", "suffix", "--receipts-in", only]
        : ["--scope", "suffix", "--since", String(since)];
      let difference = "";
      await expect(async () => {
        const stored = await account.stored();
        const chats = stored.chats.filter((chat) => !only || chat.title === only);
        difference = compare(service, { chats }, wanted) + unreadFaults(await ledger(service), stored.chats).join("\n");
        expect(difference).toBe("");
      }).toPass({ timeout: 30_000 });
      const told = new Set((await ledger(service)).receipts.filter((one) => one.device).map((one) => one.title));
      expect(told).toContain("Beatriz Nogueira");
      if (only) expect([...told]).toEqual([only]);
    } finally {
      await service.remove();
    }
  });
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

async function write(phone: Page, text: string): Promise<void> {
  await phone.getByRole("textbox", { name: /^Message as/ }).fill(text);
  await phone.getByRole("button", { name: "Send", exact: true }).click();
}
