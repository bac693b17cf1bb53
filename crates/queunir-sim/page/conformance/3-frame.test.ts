// Evidence 3.1 to 3.4: the frame of a conversation, its rows, directions and times.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { daysAgo, holding, openChat, pressChat, Stage, said } from "./stage.ts";
import { NOTHING, watch } from "./watch.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  await stage.post("look", { stranger_card: true, typing_bubble: true });
  for (let index = 0; index < 150; index += 1) await stage.write("Long", `Line ${index}`);
  page = await stage.linked();
});
afterAll(() => stage.end());

const scroller = (): Locator => page.locator('[data-testid="conversation-panel-messages"]');
const rows = (): Locator => page.locator('#main [data-testid^="conv-msg-"]');
const scrollTo = (top: number): Promise<void> => scroller().evaluate((node, to) => node.scrollTo({ top: to }), top);
const stamp = (words: string): Promise<string | null> =>
  said(page, words).locator("[data-pre-plain-text]").getAttribute("data-pre-plain-text");
const open = async (title: string): Promise<void> => {
  await page.locator("#pane-side").evaluate((node) => node.scrollTo({ top: 0 }));
  await openChat(page, title);
};

test("3.1-01 #main exists only with an open chat, else the intro", async () => {
  await page.locator('[data-testid="intro-panel"]').waitFor();
  expect(await page.locator("#main").count()).toBe(0);
  await open("Kinds");
  expect(await page.locator("#main").getAttribute("data-testid")).toBe("conversation-panel-wrapper");
  expect(await page.locator('[data-testid="intro-panel"]').count()).toBe(0);
});

test("3.1-02 the header holds the title in the part that opens the panel", async () => {
  const info = page.locator(
    '#main header[data-testid="conversation-header"] > [data-testid="conversation-info-header"][data-tab="6"]',
  );
  const title = info.locator('[data-testid="conversation-info-header-chat-title"][dir="auto"]');
  expect(await title.textContent()).toBe("Kinds");
});

test("3.1-03 the second line hints, then shows presence; in groups the members", async () => {
  await open("Texts");
  const line = page.locator('[data-testid="chat-subtitle"]');
  await open("Away");
  await expect.poll(() => line.textContent()).toMatch(/^last seen /);
  const shown = await watch(page, '[data-testid="chat-subtitle"]');
  await open("Group of three");
  await expect.poll(async () => (await shown()).at(-1)).toBe("Ana Reis, +55 11 92000-0012, Nara, You");
  expect((await shown()).at(-2)).toBe("click here for group info");
  expect(await line.locator("[title]").getAttribute("title")).toContain("Nara");
});

test("3.1-04 body, copyable area, scroll container and list", async () => {
  const list = page.locator(
    '[data-testid="conversation-panel-body"] > .copyable-area > [data-testid="conversation-panel-messages"][data-scrolltracepolicy="wa.web.conversation.messages"][tabindex="0"] > [data-tab="8"]',
  );
  expect(await list.count()).toBe(1);
});

test("3.1-06 the former chat stays until the next is drawn", async () => {
  await open("Texts");
  await stage.post("trouble", { slow_ms: 6000 });
  const titles = await watch(page, '#main [data-testid="conversation-info-header-chat-title"]');
  await page.locator('#pane-side [title="Kinds"]').first().click();
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="Kinds"]').waitFor();
  await stage.post("trouble", {});
  expect(await titles()).toEqual(["Texts", "Kinds"]);
});

test("3.2-01 a row is nested as the evidence says", async () => {
  await open("Kinds");
  const node = rows().first();
  const key = await node.getAttribute("data-id");
  expect(await node.getAttribute("data-testid")).toBe(`conv-msg-${key}`);
  expect(await node.getAttribute("tabindex")).toBe("-1");
  expect(await node.locator("xpath=..").getAttribute("role")).toBe("row");
  await expect
    .poll(() =>
      page
        .locator(
          '#main [role="row"] > [data-id] > [data-virtualized="false"] > div > div [data-testid="msg-container"]',
        )
        .count(),
    )
    .toBeGreaterThan(3);
  expect(
    await page.locator('#main [data-id] > [data-virtualized] > div [data-testid="msg-notification-container"]').count(),
  ).toBeGreaterThan(0);
});

test("3.2-02 the key and the container are two nodes, and some bubbles repeat the key", async () => {
  expect(await page.locator('#main [data-id][data-testid="msg-container"]').count()).toBe(0);
  await open("Long");
  const inner = page.locator('#main [data-testid="msg-container"] [data-id]');
  await expect.poll(() => inner.count()).toBeGreaterThan(0);
  const outer = await inner
    .first()
    .evaluate((node) => node.closest('[data-testid^="conv-msg-"]')?.getAttribute("data-id"));
  expect(await inner.first().getAttribute("data-id")).toBe(outer);
});

test("3.2-03 content far away is taken out and keeps its height", async () => {
  await open("Long");
  await scrollTo(0);
  await expect.poll(() => rows().count()).toBeGreaterThan(130);
  await scrollTo(0);
  const last = rows().last().locator("[data-virtualized]");
  await expect.poll(() => last.getAttribute("data-virtualized")).toBe("true");
  expect(await last.getAttribute("style")).toMatch(/min-height: \d/);
  expect(await last.locator("> div").innerHTML()).toBe("");
});

test("3.2-05 keys have the form of the device they were written on", async () => {
  const keys = await rows().evaluateAll((all) => all.map((one) => one.getAttribute("data-id") ?? ""));
  for (const key of keys) expect(key).toMatch(/^(3EB0[0-9A-F]{18}|3A[0-9A-F]{18}|A[C5][0-9A-F]{30})$/);
});

test("3.2-07 neither list nor rows tell the number of a saved contact", async () => {
  expect(await page.locator("#pane-side").innerHTML()).not.toContain("92000-0001");
  await open("Kinds");
  expect(await page.locator('[data-testid="conversation-panel-messages"]').innerHTML()).not.toContain("92000");
});

test("3.2-08 the card of a stranger has a key and no stamp", async () => {
  await open("+55 11 92000-0021");
  const card = page.locator('#main [data-id]:has([data-testid="block-btn"])');
  await card.waitFor();
  expect(await card.locator("[data-pre-plain-text]").count()).toBe(0);
});

test("3.2-09 older messages come when the top is near", async () => {
  await page.keyboard.press("Escape");
  await open("Long");
  const before = await rows().count();
  await scrollTo(250);
  await expect.poll(() => rows().count()).toBeGreaterThan(before);
});

test("3.2-11 the first common message keeps its place", async () => {
  await page.keyboard.press("Escape");
  await open("Long");
  const before = await rows().count();
  const first = await rows().first().getAttribute("data-id");
  const place = (): Promise<number> =>
    page.locator(`#main [data-testid="conv-msg-${first}"]`).evaluate((node) => node.getBoundingClientRect().top);
  await scrollTo(100);
  const top = await place();
  await expect.poll(() => rows().count()).toBeGreaterThan(before);
  expect(Math.abs((await place()) - top)).toBeLessThan(60);
});

test("3.2-12 a spinner while loading, the encryption notice at the start", async () => {
  await page.keyboard.press("Escape");
  await open("Long");
  const spinner = await watch(page, '[data-testid="conversation-panel-messages"] [role="progressbar"]');
  await scrollTo(0);
  await expect.poll(async () => (await spinner()).slice(0, 3)).toEqual([NOTHING, "", NOTHING]);
  const start = page.locator('#main [role="row"] [role="button"] [data-testid="msg-notification-container"]');
  await expect
    .poll(async () => {
      await scrollTo(0);
      return start.count();
    })
    .toBe(1);
});

test("3.2-12 older messages may be on the phone, which may refuse them", async () => {
  await stage.post("trouble", { older_on_phone: true, older_refused: true });
  await page.keyboard.press("Escape");
  await open("Long");
  const ask = page.getByRole("button", { name: "Click here to get older messages from your phone." });
  await expect
    .poll(async () => {
      await scrollTo(0);
      return ask.count();
    })
    .toBe(1);
  await ask.click();
  await page
    .locator('[role="dialog"]')
    .getByText("This device needs your permission to load older messages.")
    .waitFor();
  await page.locator('[data-testid="popup-controls-ok"]').click();
  await stage.post("trouble", { older_on_phone: true });
  const before = await rows().count();
  await ask.click();
  await expect.poll(() => rows().count()).toBeGreaterThan(before);
  await stage.post("trouble", {});
});

test("3.2-12 while the history still comes the top says so and brings nothing", async () => {
  await page.keyboard.press("Escape");
  await stage.post("disturb", { history: 99 });
  await open("Long");
  await scrollTo(0);
  await page.locator("#main").getByText("Syncing older messages").waitFor();
  const before = await rows().count();
  // It stays so while one message after the other comes at the end.
  for (let index = 1; index <= 10; index += 1) {
    await scrollTo(0);
    await stage.write("Long", `meanwhile ${index}`);
    await expect.poll(() => rows().count()).toBe(before + index);
  }
  await stage.post("disturb", { history: 100 });
  await expect
    .poll(async () => {
      await scrollTo(0);
      return rows().count();
    })
    .toBeGreaterThan(before + 10);
  expect(await page.locator("#main").getByText("Syncing older messages").count()).toBe(0);
});

test("3.2-13 the way back to the end has a label and counts what came", async () => {
  const button = page.locator('#main [data-tab="7"][aria-label="Scroll to bottom"]');
  await expect
    .poll(async () => {
      await scrollTo(600);
      return button.count();
    })
    .toBe(1);
  await stage.write("Long", "while away");
  await expect.poll(() => button.textContent()).toContain("1");
  await button.click();
  await said(page, "while away").waitFor();
  await expect.poll(() => button.count()).toBe(0);
});

test("3.3-02 no class names tell the direction", async () => {
  await open("Kinds");
  expect(await page.locator(".message-in, .message-out").count()).toBe(0);
});

test("3.3-03 the first bubble of a run has a tail of three equal names", async () => {
  await open("Group of three");
  const tail = (words: string): Locator => said(page, words).locator('[data-icon^="tail-"]');
  expect(await tail("First from Ana").getAttribute("data-icon")).toBe("tail-in");
  expect(await tail("Second from Ana").count()).toBe(0);
  expect(await tail("Thanks").getAttribute("data-testid")).toBe("tail-out");
  expect(await tail("Thanks").locator("title").textContent()).toBe("tail-out");
});

test("3.3-04 a delivery state is on ours only, and not on deleted ones", async () => {
  const state = (words: string): Locator => said(page, words).locator('[data-testid="msg-meta"] [aria-label]');
  await open("Kinds");
  await scrollTo(0);
  expect(await state("Our words").count()).toBe(1);
  expect(await state("Plain words").count()).toBe(0);
  expect(await said(page, "You deleted this message").locator('[aria-label=" Read "]').count()).toBe(0);
});

test("3.3-05 most rows have a hidden author, the first of a run always", async () => {
  const label = (words: string): Locator => said(page, words).locator('span[aria-label$=":"]');
  expect(await label("Our words").first().getAttribute("aria-label")).toBe("You:");
  expect(await label("Plain words").first().getAttribute("aria-label")).toBe("Kinds:");
  await open("Long");
  await expect.poll(() => holding(page, '[data-testid="msg-container"]').count()).toBeGreaterThan(30);
  const all = await holding(page, '[data-testid="msg-container"]').count();
  const labelled = await holding(page, 'span[aria-label$=":"]').count();
  expect(labelled).toBeLessThan(all);
});

test("3.3-06 ours are stamped with our own profile name", async () => {
  await open("Kinds");
  await scrollTo(0);
  expect(await stamp("Our words")).toMatch(/\] Conf Shop: $/);
  expect(await stamp("Plain words")).toMatch(/\] Kinds: $/);
});

test("3.3-07 ours are right of the centre, theirs left", async () => {
  const centre = async (locator: Locator): Promise<number> => {
    const box = await locator.boundingBox();
    return box ? box.x + box.width / 2 : Number.NaN;
  };
  const middle = await centre(page.locator("#main"));
  expect(await centre(said(page, "Our words").locator('[data-testid="msg-container"]'))).toBeGreaterThan(middle);
  expect(await centre(said(page, "Plain words").locator('[data-testid="msg-container"]'))).toBeLessThan(middle);
});

test("3.4-01 the stamp is time, date, name, colon and a space", async () => {
  expect(await stamp("Our words")).toMatch(/^\[\d?\d:\d\d\s[AP]M, \d?\d\/\d?\d\/\d{4}\] Conf Shop: $/);
  expect(await said(page, "Our words").locator("div.copyable-text[data-pre-plain-text]").count()).toBe(1);
});

test("3.4-02 some kinds are stamped and some are not", async () => {
  await open("Kinds");
  await scrollTo(0);
  const stamped = (selector: string): Locator => holding(page, selector).locator("[data-pre-plain-text]");
  for (const selector of [
    '[data-testid="image-thumb"]',
    '[data-testid="video-content"]',
    '[data-testid="media-gif"]',
    '[data-testid="location-msg"]',
    '[data-testid="vcard-msg"]',
    '[data-testid="poll-bubble"]',
  ])
    expect(await stamped(selector).count(), selector).toBeGreaterThan(0);
  for (const selector of [
    '[data-icon="ptt-status"]',
    '[data-testid="media-canvas-audio-thumb"]',
    '[data-testid="sticker-container"]',
    '[data-icon="recalled"]',
    '[data-testid="call-log-system-message"]',
    '[data-testid="subtype-encrypt"]',
    '[title="Price list.pdf"]',
  ])
    expect([(await holding(page, selector).count()) > 0, await stamped(selector).count()], selector).toEqual([true, 0]);
  expect(await stamped('[title="Contract.docx"]').count()).toBe(1);
});

test("3.4-03 an unsaved writer is named by the number", async () => {
  await open("Group of three");
  expect(await stamp("From somebody unsaved")).toMatch(/\] \+55 11 92000-0012: $/);
});

test("3.4-04 the hour style is the language's", async () => {
  await page.close();
  page = await stage.linked({ locale: "pt_BR" });
  await open("Kinds");
  await scrollTo(0);
  expect(await stamp("Our words")).toMatch(/^\[\d\d:\d\d, /);
});

test("3.4-05 dates follow the language's order and padding", async () => {
  expect(await stamp("Our words")).toMatch(/, \d\d\/\d\d\/\d{4}\] /);
  await page.close();
  page = await stage.linked({ locale: "es" });
  await open("Texts");
  await scrollTo(0);
  const { day, month, year } = daysAgo(9);
  expect(await stamp("Old as a date")).toContain(`, ${day}/${month}/${year}] `);
});

test("3.4-06 Chinese writes year, month and day with their signs", async () => {
  await page.close();
  page = await stage.linked({ locale: "zh_CN" });
  await open("Kinds");
  await scrollTo(0);
  expect(await stamp("Our words")).toMatch(/^\[[上下]午\d?\d:\d\d, \d{4}年\d?\d月\d?\d日\] Conf Shop: $/);
});

test("3.4-07 São Paulo is written in the time of Belém", async () => {
  await page.close();
  page = await stage.linked({ locale: "en" });
  const zone = await page.evaluate(() => {
    // On this day in 2018 the one had daylight saving, the other had not.
    const write = (timeZone: string): string =>
      new Intl.DateTimeFormat("en", { hour: "numeric", timeZone }).format(Date.UTC(2018, 11, 1, 12));
    return [write("America/Sao_Paulo"), write("America/Belem")];
  });
  expect(zone[0]).not.toBe(zone[1]);
  const key = await stage.write("+55 21 97777-0001", "in summer", { at: Date.UTC(2018, 11, 1, 12) });
  expect(key).not.toBe("");
  await page.locator("#pane-side").evaluate((node) => node.scrollTo({ top: node.scrollHeight }));
  await pressChat(page, "+55 21 97777-0001");
  await said(page, "in summer").waitFor();
  expect((await stamp("in summer"))?.replace(/\s/g, " ")).toContain(`[${zone[1]?.replace(/\s/, ":00 ")}`);
});

test("3.4-08 the clock is in the corner of every bubble", async () => {
  await open("Kinds");
  await scrollTo(0);
  expect(
    await holding(page, '[data-icon="ptt-status"]').first().locator('[data-testid="msg-meta"]').textContent(),
  ).toMatch(/^\d?\d:\d\d/);
});
