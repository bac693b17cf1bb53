// The facts of the evidence that everything else leans on, checked in a real browser.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChat, type Stage, stage } from "./stage.ts";

/** Some bubbles carry `data-id` twice, so rows are counted by their own test id. */
const MESSAGES = '#main [data-testid^="conv-msg-"]';

let world: Stage;
beforeAll(async () => {
  world = await stage();
});
afterAll(async () => {
  await world.close();
});

const pointerEvents = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const frame = document.querySelector('#pane-side [data-testid="cell-frame-container"]');
    return frame ? getComputedStyle(frame).pointerEvents : "no frame";
  });
const rowText = (page: Page): Promise<string> =>
  page
    .locator(MESSAGES)
    .last()
    .locator('[data-testid="selectable-text"]')
    .evaluate((node) => {
      const read = (one: Node): string =>
        one instanceof HTMLImageElement
          ? one.alt
          : one.nodeType === 3
            ? (one.textContent ?? "")
            : [...one.childNodes].map(read).join("");
      return read(node);
    });
const lastLabel = (page: Page): Promise<string | null> =>
  page.locator(MESSAGES).last().locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label");

describe("boot and code", () => {
  it("replaces the splash and shows a code that can go idle and be asked for again", async () => {
    const page = await world.open("qridle");
    const canvas = page.locator('[data-testid="link-device-qr-code"][data-ref^="2@"] canvas');
    await expect.poll(() => canvas.evaluate((node) => getComputedStyle(node).opacity)).toBe("0.04");
    expect(await canvas.getAttribute("aria-label")).toBe("Scan this QR code to link a device!");
    expect(await page.locator("#wa_web_initial_startup").count()).toBe(0);
    expect(await page.locator("#app > .app-wrapper-web").count()).toBe(1);
    await page.getByText("Click to reload QR code").click();
    expect(await page.locator("[data-ref]").count()).toBe(0);
    await page.close();
  });

  it("refuses a browser that calls itself headless", async () => {
    const page = await world.open("pt-BR", {
      agent:
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
    });
    await page.getByText("Google Chrome 100+").waitFor();
    expect(await page.locator("[data-ref], #pane-side").count()).toBe(0);
    await page.close();
  });

  it("names its style classes anew at each boot", async () => {
    const page = await world.open("pt-BR");
    const classes = (): Promise<string | null> =>
      page.locator('[data-testid="cell-frame-container"]').first().getAttribute("class");
    const before = await classes();
    await page.reload();
    expect(await classes()).not.toBe(before);
    await page.close();
  });
});

describe("the chat list", () => {
  it("keeps a window of 76 px rows and takes no clicks while it scrolls", async () => {
    const page = await world.open("pt-BR");
    const rows = page.locator('#pane-side [role="row"]');
    await rows.first().waitFor();
    expect(await page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toBe("319");
    expect(await rows.count()).toBeLessThan(80);
    expect(await page.locator('[data-testid="list-item-3"]').getAttribute("style")).toContain(
      "height: 76px; transform: translateY(228px)",
    );
    await page.mouse.move(300, 500);
    await page.mouse.wheel(0, 6000);
    await expect.poll(() => pointerEvents(page), { interval: 5 }).toBe("none");
    await expect.poll(() => pointerEvents(page)).toBe("auto");
    const first = page.locator('[data-testid="list-item-0"]');
    await expect
      .poll(async () => Number(/translateY\((\d+)px\)/.exec((await first.getAttribute("style")) ?? "")?.[1]))
      .toBeGreaterThan(2000);
    await page.close();
  });

  it("hides the unread count inside the title and caps the badge", async () => {
    const page = await world.open("pt-BR");
    const row = page.locator('[data-testid="cell-frame-container"]:has(span[title="أحمد"])');
    expect(await row.locator('[data-testid="cell-frame-title"]').textContent()).toBe("1.227 mensagens não lidasأحمد");
    const badge = row.locator('[data-testid="icon-unread-count"]');
    expect(await badge.textContent()).toBe("999+");
    expect(await badge.getAttribute("aria-label")).toBe("1.227 mensagens não lidas");
    await page.close();
  });

  it("shows previews with bidi marks on a share of rows only", async () => {
    const page = await world.open("en");
    await page.locator('[data-testid="list-item-35"]').waitFor({ state: "attached" });
    const all = await page.locator('#pane-side [role="row"]').count();
    const exposed = page.locator('[data-testid="last-msg-status"]');
    expect(await exposed.count()).toBeLessThan(all - 5);
    expect(await exposed.count()).toBeGreaterThan(all / 3);
    expect(await exposed.first().getAttribute("title")).toMatch(/^\u202A.*\u202C$/);
    await page.close();
  });

  it("4.4-01 4.4-02 believes typing in the search field, not a set value", async () => {
    const page = await world.open("pt-BR");
    const field = page.locator('input[role="textbox"][data-tab="3"]');
    await field.evaluate((node: HTMLInputElement) => {
      node.value = "Padaria";
      node.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.waitForTimeout(500);
    expect(await page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toBe("319");
    await field.fill("");
    await field.pressSequentially("Padaria");
    await expect.poll(() => page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toBe("2");
    await page.close();
  });
});

describe("the conversation", () => {
  it("loads upward, keeps its place and empties what is far away", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Ana Beatriz");
    const rows = page.locator('#main [role="row"]');
    await expect.poll(() => rows.count()).toBe(40);
    const scroller = page.locator('[data-scrolltracepolicy="wa.web.conversation.messages"]');
    for (let before = 40; before < 401; before = await rows.count()) {
      await scroller.evaluate((node) => node.scrollTo({ top: 0 }));
      await expect.poll(() => rows.count()).toBeGreaterThan(before);
    }
    expect(
      await page.locator('#main [role="row"] [role="button"] [data-testid="msg-notification-container"]').count(),
    ).toBe(1);
    const last = page.locator(MESSAGES).last();
    await expect.poll(() => last.locator("[data-virtualized]").getAttribute("data-virtualized")).toBe("true");
    expect(await last.locator('[data-testid="msg-container"]').count()).toBe(0);
    await page.locator('[data-tab="7"]').click();
    await last.locator('[data-testid="msg-container"]').waitFor();
    await page.close();
  });

  it("3.2-10 does not ask again after a fruitless try until the place was left", async () => {
    const page = await world.open("pt-BR");
    const asked = (): Promise<number> =>
      page.evaluate(
        () =>
          (globalThis as unknown as { fakeServer: { asked: { type: string }[] } }).fakeServer.asked.filter(
            (message) => message.type === "loadOlder",
          ).length,
      );
    await openChat(page, "Diego");
    const scroller = page.locator('[data-scrolltracepolicy="wa.web.conversation.messages"]');
    const scrollTo = (top: number): Promise<void> => scroller.evaluate((node, to) => node.scrollTo({ top: to }), top);
    await scrollTo(0);
    await expect.poll(() => page.locator(MESSAGES).count()).toBe(61);
    await scrollTo(0);
    await expect.poll(asked).toBe(2);
    for (const top of [40, 0, 60, 0]) {
      await scrollTo(top);
      await page.waitForTimeout(150);
    }
    expect(await asked()).toBe(2);
    await scrollTo(200);
    await expect.poll(asked).toBe(3);
    await page.close();
  });

  it("3.2-04 draws nothing but the last message while hidden", async () => {
    const page = await world.open("pt-BR", { hidden: true });
    await openChat(page, "Ana Beatriz");
    await expect.poll(() => page.locator(MESSAGES).count()).toBe(40);
    expect(await page.locator('#main [data-testid="msg-container"]').count()).toBe(1);
    await page.evaluate(() => document.dispatchEvent(new Event("become-visible")));
    await expect.poll(() => page.locator('#main [data-testid="msg-container"]').count()).toBe(40);
    await page.close();
  });

  it("gives the tail to the first bubble of a run and the author label to most", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Ana Beatriz");
    const bubbles = await page.locator('#main [data-testid="msg-container"]').count();
    const tails = await page.locator('#main [data-icon="tail-in"], #main [data-icon="tail-out"]').count();
    expect(tails).toBeLessThan(bubbles * 0.7);
    expect(await page.locator('#main span[aria-label="Você:"]').count()).toBeGreaterThan(5);
    await page.close();
  });

  it.each([
    ["pt-BR", /^\[\d\d:\d\d, \d\d\/\d\d\/\d{4}\] Loja da Ana: $/],
    ["en12", /^\[\d?\d:\d\d [AP]M, \d?\d\/\d?\d\/\d{4}\] Loja da Ana: $/],
    ["es", /^\[\d?\d:\d\d, \d?\d\/\d?\d\/\d{4}\] Loja da Ana: $/],
  ])("stamps our messages with our own name in %s", async (mode, shape) => {
    const page = await world.open(mode);
    await openChat(page, "Ana Beatriz");
    const stamp = await page
      .locator('#main [data-pre-plain-text*="Loja da Ana"]')
      .first()
      .getAttribute("data-pre-plain-text");
    expect(stamp?.replace(/[\u00A0\u202F]/g, " ")).toMatch(shape);
    await page.close();
  });

  it("marks where the unread messages begin and shows typing in list and header", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Bruno 🍕 Costa");
    await page.locator('#main span[aria-live="polite"]', { hasText: "3 mensagens não lidas" }).waitFor();
    await page.evaluate(() =>
      (globalThis as unknown as { fakeServer: { say(message: object): void } }).fakeServer.say({
        type: "typing",
        chat: "c1",
        on: true,
        author: null,
      }),
    );
    await page.locator('#main [data-testid="chat-subtitle"]', { hasText: "digitando..." }).waitFor();
    const row = page.locator('#pane-side [data-testid="cell-frame-container"]:has(span[title="Bruno 🍕 Costa"])');
    await expect.poll(() => row.locator('[data-testid="cell-frame-secondary"]').textContent()).toBe("digitando...");
    expect(await row.locator('[data-testid="last-msg-status"]').count()).toBe(0);
    await page.close();
  });

  it("keeps archived chats in a drawer of their own", async () => {
    const page = await world.open("pt-BR");
    await page.getByText("Arquivadas").click();
    const drawer = page.locator('[data-testid="drawer-left"]');
    expect(await drawer.locator('[role="grid"]').getAttribute("aria-rowcount")).toBe("1");
    await drawer.locator('span[title="Cliente 11"]').click();
    await page.locator('#main [title="Cliente 11"]').waitFor();
    await drawer.locator(`[data-testid="chat-list"]`).focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => drawer.count()).toBe(0);
    await page.close();
  });

  it("is left by Escape", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Ana Beatriz");
    await page.keyboard.press("Escape");
    await page.locator('[data-testid="intro-panel"]').waitFor();
    expect(await page.locator("#main").count()).toBe(0);
    await page.close();
  });
});

describe("the composer", () => {
  it("4.1-01 4.1-02 4.1-06 4.2-01 4.2-02 takes real input through Lexical, sends on Enter and follows the ticks under a new key", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Ana Beatriz");
    const editor = page.locator(
      '#main footer div[contenteditable="true"][role="textbox"][data-tab="10"][data-lexical-editor="true"]',
    );
    expect(await editor.getAttribute("aria-label")).toBe("Digite uma mensagem para Ana Beatriz");
    expect(await editor.innerHTML()).toMatch(/^<p[^>]*><br[^>]*><\/p>$/);
    expect(await page.locator('[data-testid="compose-btn-send"]').count()).toBe(0);

    // The in-page server gives every other message a key of its own.
    for (const [word, keys] of [
      ["Segunda", /^3EB1[0-9A-F]{18}$/],
      ["De novo", /^3EB0[0-9A-F]{18}$/],
    ] as const) {
      const wanted = `Olá 😀👩‍👩‍👧\n${word} linha`;
      const before = await page.locator(MESSAGES).count();
      await page.keyboard.insertText("Olá 😀👩‍👩‍👧");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type(word);
      await page.keyboard.insertText(" linha");
      await page.locator('[data-testid="compose-btn-send"][data-tab="11"][aria-label="Enviar"]').waitFor();
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(MESSAGES).count()).toBe(before + 1);
      expect(await editor.textContent()).toBe("");
      expect(await rowText(page)).toBe(wanted);
      await expect.poll(() => lastLabel(page)).toBe(" Lida ");
      expect(await page.locator(MESSAGES).count()).toBe(before + 1);
      expect(await page.locator(MESSAGES).last().getAttribute("data-id")).toMatch(keys);
    }
    await page.close();
  });

  it("4.1-05 ignores text that was put into the document", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Ana Beatriz");
    await page.locator('#main footer [data-tab="10"][role="textbox"] p').evaluate((node) => {
      node.textContent = "forjado";
    });
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
    expect(await page.locator(MESSAGES).last().textContent()).not.toContain("forjado");
    await page.close();
  });

  it("keeps a draft and shows it in the list", async () => {
    const page = await world.open("pt-BR");
    await openChat(page, "Ana Beatriz");
    await page.keyboard.type("depois");
    await openChat(page, "Diego");
    const row = page.locator('[data-testid="cell-frame-container"]:has(span[title="Ana Beatriz"])');
    await expect
      .poll(() => row.locator('[data-testid="cell-frame-secondary"]').textContent())
      .toBe("Rascunho:\u00A0depois");
    await openChat(page, "Ana Beatriz");
    expect(await page.locator('#main footer [data-tab="10"][role="textbox"]').textContent()).toBe("depois");
    await page.close();
  });
});
