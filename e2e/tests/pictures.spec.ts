// Makes the pictures of `docs/pictures` from the running service; only on request, `make pictures`.
import { type Browser, expect, type Page } from "@playwright/test";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { SIZES } from "../shots.ts";
import { test } from "../test.ts";

const FOLDER = new URL("../../docs/pictures/", import.meta.url).pathname;
/** As slow as the slowest thing that must be caught on the way. */
const SLOW = 0.3;
const QUICK = 20;

test.skip(!process.env.PICTURES, "pictures are only made on request");

test("pictures for the documentation", async ({ browser }) => {
  test.setTimeout(400_000);
  const service = await Service.create({ settings: "[outbox]\nrecovery_wait_ms = 1000\n" });
  try {
    const [wide, narrow] = await open(browser, service);
    const both = [wide, narrow];

    for (const page of both) await fillSignUp(page, service);
    await take(both, "sign-up");

    await wide.getByRole("button", { name: "Create account" }).click();
    await expect(wide.getByRole("button", { name: "Connect WhatsApp" })).toBeVisible();
    await narrow.goto(`${service.app}/connect`);
    for (const page of both) {
      await page.getByRole("radio", { name: "Only what I open" }).click();
      await page.getByRole("checkbox", { name: /I understand/ }).click();
    }
    await take(both, "setup");

    await wide.getByRole("button", { name: "Connect WhatsApp" }).click();
    for (const page of both) await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
    await take(both, "qr");

    await simulator(service, "speed", { speed: SLOW });
    const account = (await ledger(service)).id;
    const codes = (await (await fetch(`${service.simulator}/_sim/codes`)).json()) as { code: string }[];
    await simulator(service, "scan", { code: codes[0]?.code, account });
    await Promise.all(both.map((page) => expect(page.getByText(/^[4-9]\d %$/)).toBeVisible({ timeout: 60_000 })));
    await take(both, "loading");

    await simulator(service, "speed", { speed: 1 });
    for (const page of both)
      await expect(page.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 60_000 });
    await expect(wide.getByText("42 chats")).toBeVisible();
    await take(both, "inbox-empty");

    await simulator(service, "speed", { speed: QUICK });
    for (const page of both) await openChat(page, "Sophie Laurent");
    await expect(wide.getByRole("log").getByText("do you have anything without nuts")).toBeVisible();
    await answer(both, "Hi Sophie! Yes: carrot cake and coconut cookies, both baked without nuts 🥕");
    await customer(service, "Sophie Laurent", "Perfect! Then one carrot cake for 20, please");
    await customer(service, "Sophie Laurent", "Can it say “Bravo les CM2”?");
    await expect(wide.getByRole("log").getByText("Bravo les CM2")).toBeVisible();
    await answer(both, "Of course, in white chocolate. R$ 119,00, ready on Saturday at 10 🎂");
    await take(both, "inbox-chat");

    for (const page of both) await openChat(page, "Daniel Whitmore");
    await expect(wide.getByRole("log").getByText("Customs didn't care")).toBeVisible();
    await simulator(service, "disturb", { swallow: true });
    await send(wide, "Hi Daniel! Six boxes are set aside for your next visit 🍯");
    for (const page of both)
      await expect(page.getByRole("button", { name: "It was not sent" })).toBeVisible({ timeout: 120_000 });
    await take(both, "uncertain");
  } finally {
    await service.remove();
  }
});

async function open(browser: Browser, service: Service): Promise<[Page, Page]> {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "America/Sao_Paulo",
    colorScheme: "dark",
    reducedMotion: "reduce",
  });
  const pages: Page[] = [];
  for (const size of SIZES) {
    const page = await context.newPage();
    await page.setViewportSize(size);
    await page.goto(`${service.app}/sign-up`);
    pages.push(page);
  }
  return pages as [Page, Page];
}

async function fillSignUp(page: Page, service: Service): Promise<void> {
  await expect(page).toHaveURL(`${service.app}/sign-up`);
  await page.getByLabel("E-mail").fill("ana@lojadaana.example");
  await page.getByLabel("Password", { exact: true }).fill("carrot cake on a rainy day");
}

/** One picture for each width, in the window's size or as tall as what is on the page. */
async function take(pages: Page[], name: string): Promise<void> {
  for (const [index, page] of pages.entries()) {
    const size = SIZES[index];
    if (!size) throw new Error("a page without a size");
    await page.bringToFront();
    await page.mouse.move(size.width / 2, 0);
    const hidden = await page.evaluate(() => {
      const main = document.querySelector("main.overflow-y-auto");
      return main ? main.scrollHeight - main.clientHeight : 0;
    });
    if (hidden > 0) await page.setViewportSize({ ...size, height: size.height + hidden });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${FOLDER}${name}-${size.width}.png`, animations: "disabled", caret: "hide" });
    if (hidden > 0) await page.setViewportSize(size);
  }
}

async function openChat(page: Page, title: string): Promise<void> {
  await page.bringToFront();
  const back = page.getByRole("button", { name: "Back to chats" });
  if (await back.isVisible()) await back.click();
  await page.getByRole("navigation", { name: "Chats" }).getByText(title, { exact: true }).click();
  await expect(page.getByRole("log", { name: title })).toBeVisible();
}

async function send(page: Page, text: string): Promise<void> {
  await page.bringToFront();
  await page.getByRole("textbox", { name: "Write a message" }).fill(text);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").getByText(text)).toBeVisible();
}

/** Sends on the first page and waits until the customer has read it, on all. */
async function answer(pages: Page[], text: string): Promise<void> {
  const [page] = pages;
  if (page) await send(page, text);
  for (const one of pages) {
    const bubble = one.getByRole("log").getByRole("article").filter({ hasText: text });
    await expect(bubble.getByRole("img", { name: "Read" })).toBeVisible();
  }
}

async function customer(service: Service, title: string, text: string): Promise<void> {
  const truth = await ledger(service);
  const chat = truth.chats.find((one) => one.title === title)?.id;
  await simulator(service, `accounts/${truth.id}/incoming`, { chat, text });
}

async function simulator(service: Service, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}
