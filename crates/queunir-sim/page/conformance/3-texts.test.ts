// Evidence 3.5: words, and what stands among them.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { holding, openChat, Stage, said } from "./stage.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  page = await stage.linked();
});
afterAll(() => stage.end());

const main = (selector: string): Locator => page.locator(`#main ${selector}`);
const textOf = (words: string): Locator => said(page, words).locator('[data-testid="selectable-text"]').last();
const scrollTo = (top: number): Promise<void> =>
  page.locator('[data-testid="conversation-panel-messages"]').evaluate((node, to) => node.scrollTo({ top: to }), top);
const open = async (title: string): Promise<void> => {
  await openChat(page, title);
  await scrollTo(0);
};

test("3.5-01 a body is a selectable, copyable span with a direction", async () => {
  await open("Texts");
  const span = main(
    '[data-testid^="conv-msg-"] span[data-testid="selectable-text"].selectable-text.copyable-text[dir]',
  );
  expect(await span.count()).toBeGreaterThan(8);
  expect(await textOf("مرحبا").getAttribute("dir")).toBe("rtl");
  expect(await textOf("Old as a date").getAttribute("dir")).toBe("ltr");
});

test("3.5-04 emoji are pictures with their character", async () => {
  const emoji = textOf("there").locator("img.emoji[alt]");
  expect(await emoji.getAttribute("alt")).toBe("😀");
  expect(await emoji.getAttribute("data-plain-text")).toBe("😀");
  expect(await emoji.getAttribute("draggable")).toBe("false");
});

test("3.5-05 emoji alone are larger, and one has no selectable span", async () => {
  const width = (within: Locator): Promise<number> => within.evaluate((node) => node.getBoundingClientRect().width);
  const one = holding(page, 'img[alt="😍"]').last();
  expect(await one.locator('[data-testid="selectable-text"]').count()).toBe(0);
  const small = await width(textOf("there").locator("img").first());
  const two = holding(page, 'img[alt="😀"] + img[alt="😀"]').locator("img").first();
  expect(await width(two)).toBeGreaterThan(small * 1.5);
  expect(await width(one.locator("img").first())).toBeGreaterThan(await width(two));
});

test("3.5-06 formatting keeps its signs in attributes", async () => {
  const body = textOf("slanted");
  for (const [tag, sign] of [
    ["strong", "*"],
    ["em", "_"],
    ["del", "~"],
    ["code", "`"],
  ] as const)
    expect(await body.locator(tag).getAttribute("data-app-text-template")).toContain(sign);
  expect(await main("blockquote").textContent()).toBe("a quotation");
  expect(await main("li[data-app-text-template]").textContent()).toBe("an item");
});

test("3.5-07 line breaks are newlines", async () => {
  expect(await textOf("Line one").textContent()).toBe("Line one\nLine two");
  expect(
    await textOf("Line one")
      .locator("> span")
      .evaluate((node) => getComputedStyle(node).whiteSpace),
  ).toMatch(/^pre-wrap/);
});

test("3.5-09 the rest of a long text is not there until it is asked for", async () => {
  await stage.write("Texts", `${"long words ".repeat(120)}THE END`);
  await scrollTo(1_000_000);
  const more = main('[role="button"]').filter({ hasText: "Read more" }).last();
  await more.waitFor();
  expect(await page.locator("#main").textContent()).not.toContain("THE END");
  await more.click();
  await expect.poll(() => page.locator("#main").textContent()).toContain("THE END");
});

test("3.5-10 links and their preview", async () => {
  await scrollTo(0);
  expect(await textOf("for more").locator('a[href="https://example.com/a?b=1"][dir="ltr"]').count()).toBe(1);
  const card = said(page, "for more").locator('[data-testid="link-preview-container"]');
  expect(await card.locator("[title]").getAttribute("title")).toBe("Example page");
  expect(await card.locator('[data-testid="link-preview-thumbnail"]').count()).toBe(1);
  expect(await card.textContent()).toContain("example.com");
});

test("3.5-11 a spoiler is a canvas until it is clicked", async () => {
  const spoiler = main('[data-testid="spoiler"]');
  expect(await spoiler.locator("canvas").count()).toBe(1);
  expect(await page.locator("#main").textContent()).not.toContain("secret");
  await spoiler.click();
  expect(await spoiler.textContent()).toBe("secret");
});

test("3.5-03 quoted words leak into the row's text", async () => {
  await open("Kinds");
  expect(await said(page, "Answer to the typo").textContent()).toContain("No typo here");
  expect(await said(page, "Answer to the typo").locator('[data-testid="selectable-text"]').textContent()).toBe(
    "Answer to the typo",
  );
});

test("3.5-08 a named person is a button with the hidden id", async () => {
  await open("Group of three");
  const mention = said(page, "Thanks").locator('span[role="button"] span[data-plain-text="@Nara"]');
  expect(await mention.getAttribute("data-app-text-template")).toMatch(/^\d{15}@lid$/);
});
