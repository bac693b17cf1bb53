// The app's page of an account that exists already.
import { type Browser, expect, type Page } from "@playwright/test";
import type { Account } from "./account.ts";
import { ledger } from "./ledger.ts";
import type { Service } from "./service.ts";

/** Signs in and opens the chats in a browser of its own. */
export async function openApp(browser: Browser, account: Account, email = "ana@example.com"): Promise<Page> {
  const page = await (await browser.newContext({ locale: "en-US" })).newPage();
  await page.goto(account.service.app);
  const status = await page.evaluate(async (email) => {
    const answer = await fetch("/auth/login", {
      method: "POST",
      headers: { "content-type": "application/json", "x-qn": "1" },
      body: JSON.stringify({ email, password: "correct horse battery staple" }),
    });
    return answer.status;
  }, email);
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
