// Answering from the app: the quote stands above the composer, goes out with the words, and leads back to its message.
import { expect, type Locator } from "@playwright/test";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { shoot } from "../shots.ts";
import { test } from "../test.ts";

test("a person answers a message by mouse and by keyboard, and WhatsApp has the quote", async ({ browser }) => {
  const service = await Service.create({ speed: 4 });
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    await app.getByRole("navigation", { name: "Chats" }).getByText("Marcos").first().click();
    const log = app.getByRole("log");
    const theirs = log.locator("article[data-direction=in]").filter({ hasText: "Vamos de rosas" }).first();
    const bar = app.getByRole("region", { name: /^Answer to / });
    const field = app.getByLabel("Write a message");

    // The bar is shown above the composer, which has the focus; Escape takes it away and leaves what was written.
    await menuOf(theirs);
    await app.getByRole("menuitem", { name: "Reply" }).click();
    await expect(bar).toContainText("Marcos");
    await app.keyboard.type("By mouse");
    await expect(field).toHaveValue("By mouse");
    await expect(app.getByRole("button", { name: "Attach files" })).toBeDisabled();
    await shoot(app, "reply-bar");
    await app.keyboard.press("Escape");
    await expect(bar).toBeHidden();
    await expect(field).toHaveValue("By mouse");

    await menuOf(theirs);
    await app.getByRole("menuitem", { name: "Reply" }).click();
    const quoted = (await bar.locator("p > span").last().textContent()) ?? "";
    await app.keyboard.press("Enter");
    await expect(bar).toBeHidden();
    const answer = log.locator("article").filter({ hasText: "Vamos de rosas" }).filter({ hasText: "By mouse" });
    await expect(answer.locator("blockquote")).toContainText(quoted);
    await expect(answer.getByRole("img", { name: /Sent|Delivered|Read/ })).toBeVisible({ timeout: 40_000 });
    await expect(answer.locator("blockquote")).toContainText(quoted);

    // By keyboard alone, ours: the focus comes into the composer by itself.
    await answer.focus();
    await app.keyboard.press("Enter");
    await app.getByRole("menuitem", { name: "Reply" }).press("Enter");
    await expect(bar).toContainText("You");
    await expect(field).toBeFocused();
    await app.keyboard.type("By keyboard");
    await app.keyboard.press("Enter");
    const second = log.locator("article[data-direction=out]").filter({ hasText: "By keyboard" }).last();
    await expect(second.getByRole("img", { name: /Sent|Delivered|Read/ })).toBeVisible({ timeout: 40_000 });

    // The simulator's truth: what each of them answers, and that each is there once.
    const chat = (await ledger(service)).chats.find((one) => one.title.startsWith("Marcos"));
    const sent = (chat?.messages ?? []).filter((one) => one.live && one.direction === "out");
    expect(sent.map((one) => one.text)).toEqual(["By mouse", "By keyboard"]);
    const meant = (key: string | undefined) => chat?.messages.find((one) => one.key === key)?.text;
    expect(sent.map((one) => meant(one.quotes))).toEqual([quoted, "By mouse"]);

    // A press on the quote leads to its message.
    await app.setViewportSize({ width: 1440, height: 420 });
    await expect(second).toBeInViewport();
    await expect(theirs).not.toBeInViewport();
    await answer.locator("blockquote").getByRole("button").click();
    await expect(theirs).toBeInViewport();
  } finally {
    await service.remove();
  }
});

async function menuOf(bubble: Locator): Promise<void> {
  await bubble.hover();
  await bubble.getByRole("button", { name: "Open message options" }).click();
}
