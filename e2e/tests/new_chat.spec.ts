// A conversation with somebody who is not in the list: begun by a number from the app, written to, seen in the truth.
import { expect } from "@playwright/test";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { SIZES, shoot } from "../shots.ts";
import { test } from "../test.ts";

/** A phone's screen on demand; the list and the conversation are one behind the other there. */
const NARROW = process.env.QN_NARROW !== undefined;

test("a person begins a conversation by number, and is told when nobody has it", async ({ browser }) => {
  const service = await Service.create();
  try {
    const app = await (await browser.newContext({ locale: "en-US", viewport: SIZES[NARROW ? 1 : 0] })).newPage();
    const phone = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, phone, service);

    // Nobody has it: the dialog stays and says so.
    await trouble(service, { numbers_absent: true });
    await app.getByRole("button", { name: "New conversation" }).focus();
    await app.keyboard.press("Enter");
    const dialog = app.getByRole("dialog", { name: "New conversation" });
    await expect(dialog.getByLabel("Phone number")).toBeFocused();
    await app.keyboard.type("+55 21 95555-0000");
    // Turned to the other layout and back, where the list is another one: what was typed stays.
    for (const size of [SIZES[NARROW ? 0 : 1], SIZES[NARROW ? 1 : 0]]) {
      await app.setViewportSize(size);
      await expect(app.locator("nav[aria-label=Main]")).toBeVisible({ visible: size.width > 390 });
      await expect(dialog.getByLabel("Phone number")).toHaveValue("+55 21 95555-0000");
    }
    await shoot(app, "new-chat-form");
    await app.keyboard.press("Enter");
    await expect(dialog.getByText("can take a minute")).toBeVisible();
    await shoot(app, "new-chat-looking");
    await expect(dialog.getByRole("alert")).toContainText("Nobody on WhatsApp has this number", { timeout: 30_000 });
    await shoot(app, "new-chat-refused");

    // An older Brazilian number is known without its ninth digit; both forms are one person.
    await trouble(service, { ninth_digit_absent: true });
    await dialog.getByLabel("Phone number").fill("+55 21 96666-0001");
    await app.keyboard.press("Enter");
    await expect(app.getByText("WhatsApp knows this number as +55 21 6666-0001")).toBeVisible({ timeout: 30_000 });
    await expect(app.getByRole("region", { name: "Conversation with +55 21 6666-0001" })).toBeVisible();
    await expect(app.getByText("within 24 hours: 0 of 5")).toBeVisible();
    await shoot(app, "new-chat-landed");
    await expect(app.getByLabel("Write a message")).toBeFocused();
    await app.keyboard.type("Hello from the shop");
    await app.keyboard.press("Enter");
    const ours = app.getByRole("log").locator("article[data-direction=out]").last();
    await expect(ours.getByRole("img", { name: /Sent|Delivered|Read/ })).toBeVisible({ timeout: 30_000 });
    await expect(async () => {
      const chats = (await ledger(service)).chats.filter((chat) => /6666-0001$/.test(chat.title));
      expect(chats.map((chat) => chat.title)).toEqual(["+55 21 6666-0001"]);
      expect(chats[0]?.messages.filter((message) => message.text === "Hello from the shop")).toHaveLength(1);
    }).toPass({ timeout: 10_000 });

    // Asked for again, with the digit: the same conversation, at once.
    if (NARROW) await app.getByRole("button", { name: "Back to chats" }).click();
    await app.getByRole("button", { name: "New conversation" }).click();
    await dialog.getByLabel("Phone number").fill("+55 21 96666-0001");
    await dialog.getByRole("button", { name: "Open conversation" }).click();
    await expect(dialog).toBeHidden();
    await expect(ours).toContainText("Hello from the shop");
    if (NARROW) await app.getByRole("button", { name: "Back to chats" }).click();
    await expect(app.getByRole("navigation", { name: "Chats" }).getByText("+55 21 6666-0001")).toHaveCount(1);
  } finally {
    await service.remove();
  }
});

async function trouble(service: Service, body: object): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/trouble`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}
