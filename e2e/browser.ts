// The app in a browser: of an account that exists already, or from signing up.
import { type Browser, expect, type Page } from "@playwright/test";
import type { Account } from "./account.ts";
import { ledger } from "./ledger.ts";
import type { Service } from "./service.ts";

export const PASSWORD = "correct horse battery staple";

/** Signs in and opens the chats in a browser of its own. */
export async function openApp(browser: Browser, account: Account, email = "ana@example.com"): Promise<Page> {
  const page = await (await browser.newContext({ locale: "en-US" })).newPage();
  await page.goto(account.service.app);
  const status = await page.evaluate(
    async (credentials) => {
      const answer = await fetch("/auth/login", {
        method: "POST",
        headers: { "content-type": "application/json", "x-qn": "1" },
        body: JSON.stringify(credentials),
      });
      return answer.status;
    },
    { email, password: PASSWORD },
  );
  if (status !== 200) throw new Error(`sign-in answered ${status}`);
  await page.goto(`${account.service.app}/chats`);
  return page;
}

/** Waits until the list of chats shows each customer's truly last message. */
export async function expectNewest(page: Page, service: Service): Promise<void> {
  const list = page.getByRole("navigation", { name: "Chats" });
  for (const chat of (await ledger(service)).chats) {
    const last = chat.messages.at(-1);
    if (chat.kind === "contact" && last && last.at > Date.now() - 600_000)
      await expect(list.getByText(last.text)).toBeVisible();
  }
}

/** Signs up in the app and asks for a connection, by hand. */
export async function signUpByHand(app: Page, service: Service): Promise<void> {
  await app.goto(service.app);
  await app.getByRole("link", { name: "Create an account" }).click();
  await app.getByLabel("E-mail").fill("ana@example.com");
  await app.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await app.getByRole("button", { name: "Create account" }).click();
  await app.getByRole("radio", { name: "Only what I open" }).click();
  await app.getByRole("checkbox", { name: /I understand/ }).click();
  await app.getByRole("button", { name: "Connect WhatsApp" }).click();
}

/** Signs up in the app and scans the code with the phone page: everything by hand, as a seller does it. */
export async function linkByHand(app: Page, phone: Page, service: Service): Promise<void> {
  await phone.goto(service.phone);
  await signUpByHand(app, service);
  await phone
    .getByRole("button", { name: /^Scan code/ })
    .first()
    .click();
  await expect(app.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 90_000 });
}
