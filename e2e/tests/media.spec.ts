// A picture and a voice note from the demo phone: seen in the app, and still there after kill -9.
import { expect, type Page } from "@playwright/test";
import { Account } from "../account.ts";
import { linkByHand } from "../browser.ts";
import { Service } from "../service.ts";
import { shootBoth } from "../shots.ts";
import { test } from "../test.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** 16:9 or the like would hide that the shape is wrong. */
const PICTURE = `${ROOT}crates/queunir-sim/scenarios/media/receipt.jpg`;

test("a picture and a voice note reach the app and survive kill -9", async ({ browser }) => {
  const service = await Service.create();
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    const phone = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, phone, service);

    await phone
      .getByRole("button", { name: /Marcos/ })
      .first()
      .click();
    await phone.locator("input[type=file]").setInputFiles(PICTURE);
    const list = app.getByRole("navigation", { name: "Chats" });
    await list.getByText("Marcos").first().click();
    const log = app.getByRole("log");
    const picture = log.getByRole("button", { name: "Open: Photo" }).last();
    await expect(picture).toBeVisible({ timeout: 30_000 });
    await shootBoth(app, "media", () => expect(picture).toBeVisible());
    const shape = await shapeOf(picture.locator("img"));
    // The space has the picture's own shape, to the pixel that rounding leaves.
    expect(Math.abs(shape.width / shape.height - shape.naturalWidth / shape.naturalHeight)).toBeLessThan(0.02);

    await phone.getByRole("button", { name: "Record a voice note" }).click();
    await phone.getByRole("button", { name: "Send the voice note" }).click();
    const voice = log.getByRole("article").filter({ hasText: "Voice message" }).last();
    await expect(voice.getByText("Listen on your phone", { exact: false })).toBeVisible();

    const account = await Account.of(service, await app.context().cookies());
    const before = await filesOf(account, "Marcos");
    expect(before.map((one) => one.state)).toEqual(expect.arrayContaining(["stored", "not_shown"]));
    // Nobody was told that the voice note was heard.
    const truth = (await (await fetch(`${service.simulator}/_sim/ledger`)).json()) as {
      accounts: { acts: { act: string }[] }[];
    };
    const acts = truth.accounts.flatMap((one) => one.acts.map(({ act }) => act));
    expect(acts).toContain("chat_opened");
    expect(acts).not.toContain("played");

    await picture.click();
    const large = app.getByRole("dialog").getByRole("img", { name: "Photo" });
    await expect(large).toBeVisible();
    expect((await shapeOf(large)).naturalWidth).toBeGreaterThan(0);
    await app.keyboard.press("Escape");
    await expect(large).toBeHidden();

    const stored = before.find((one) => one.state === "stored");
    const answer = await account.call("GET", `/api/media/${stored?.id}?v=${stored?.file?.version}`, undefined, {
      range: "bytes=0-2",
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([206, "image/jpeg"]);
    expect(answer.headers.get("content-security-policy")).toContain("sandbox");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0xff, 0xd8, 0xff]);

    await service.killTree();
    await service.start();
    await app.goto(`${service.app}/chats`);
    await list.getByText("Marcos").first().click();
    await expect(picture).toBeVisible({ timeout: 60_000 });
    expect((await shapeOf(picture.locator("img"))).naturalWidth).toBe(shape.naturalWidth);
    await expect(voice).toBeVisible();
    const after = await filesOf(account, "Marcos");
    expect(after.find((one) => one.id === stored?.id)).toEqual(stored);

    await app.setViewportSize({ width: 390, height: 800 });
    await expect(picture).toBeVisible();
    expect(await app.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  } finally {
    await service.remove();
  }
});

interface File {
  id: string;
  state: string;
  file?: { version: string };
}

async function filesOf(account: Account, title: string): Promise<File[]> {
  const { chats } = (await (await account.call("GET", "/api/chats")).json()) as {
    chats: { id: string; title: string }[];
  };
  const chat = chats.find((one) => one.title.startsWith(title));
  const answer = await account.call("GET", `/api/chats/${chat?.id}/messages`);
  const { messages } = (await answer.json()) as { messages: { media?: File[] }[] };
  return messages.flatMap((message) => message.media ?? []);
}

async function shapeOf(image: ReturnType<Page["locator"]>) {
  await expect.poll(() => image.evaluate((found) => (found as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  return image.evaluate((found) => {
    const { naturalWidth, naturalHeight } = found as HTMLImageElement;
    const { width, height } = found.getBoundingClientRect();
    return { naturalWidth, naturalHeight, width, height };
  });
}
