// Evidence 3.5: words, and what stands among them.
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { holding, said } from "./stage.ts";

const test = onStage();

test("3.5-01 a body is a selectable, copyable span with a direction", async ({ chat }) => {
  await chat.openAtTop("Texts");
  const span = chat.within(
    '[data-testid^="conv-msg-"] span[data-testid="selectable-text"].selectable-text.copyable-text[dir]',
  );
  expect(await span.count()).toBeGreaterThan(8);
  expect(await chat.body("مرحبا").getAttribute("dir")).toBe("rtl");
  expect(await chat.body("Old as a date").getAttribute("dir")).toBe("ltr");
});

test("3.5-04 emoji are pictures with their character", async ({ chat }) => {
  const emoji = chat.body("there").locator("img.emoji[alt]");
  expect(await emoji.getAttribute("alt")).toBe("😀");
  expect(await emoji.getAttribute("data-plain-text")).toBe("😀");
  expect(await emoji.getAttribute("draggable")).toBe("false");
});

test("3.5-05 emoji alone are larger, and one has no selectable span", async ({ page, chat }) => {
  const width = (within: Locator): Promise<number> => within.evaluate((node) => node.getBoundingClientRect().width);
  const one = holding(page, 'img[alt="😍"]').last();
  expect(await one.locator('[data-testid="selectable-text"]').count()).toBe(0);
  const small = await width(chat.body("there").locator("img").first());
  const two = holding(page, 'img[alt="😀"] + img[alt="😀"]').locator("img").first();
  expect(await width(two)).toBeGreaterThan(small * 1.5);
  expect(await width(one.locator("img").first())).toBeGreaterThan(await width(two));
});

test("3.5-06 formatting keeps its signs in attributes", async ({ chat }) => {
  const body = chat.body("slanted");
  for (const [tag, sign] of [
    ["strong", "*"],
    ["em", "_"],
    ["del", "~"],
    ["code", "`"],
  ] as const)
    expect(await body.locator(tag).getAttribute("data-app-text-template")).toContain(sign);
  expect(await chat.within("blockquote").textContent()).toBe("a quotation");
  expect(await chat.within("li[data-app-text-template]").textContent()).toBe("an item");
});

test("3.5-07 line breaks are newlines", async ({ chat }) => {
  expect(await chat.body("Line one").textContent()).toBe("Line one\nLine two");
  expect(
    await chat
      .body("Line one")
      .locator("> span")
      .evaluate((node) => getComputedStyle(node).whiteSpace),
  ).toMatch(/^pre-wrap/);
});

test("3.5-09 the rest of a long text is not there until it is asked for", async ({ stage, page, chat }) => {
  await stage.write("Texts", `${"long words ".repeat(120)}THE END`);
  await chat.scrollTo(1_000_000);
  const more = chat.within('[role="button"]').filter({ hasText: "Read more" }).last();
  await more.waitFor();
  expect(await page.locator("#main").textContent()).not.toContain("THE END");
  await more.click();
  await expect.poll(() => page.locator("#main").textContent()).toContain("THE END");
});

test("3.5-10 links and their preview", async ({ page, chat }) => {
  await chat.scrollTo(0);
  expect(await chat.body("for more").locator('a[href="https://example.com/a?b=1"][dir="ltr"]').count()).toBe(1);
  const card = said(page, "for more").locator('[data-testid="link-preview-container"]');
  expect(await card.locator("[title]").getAttribute("title")).toBe("Example page");
  expect(await card.locator('[data-testid="link-preview-thumbnail"]').count()).toBe(1);
  expect(await card.textContent()).toContain("example.com");
});

test("3.5-11 a spoiler is a canvas until it is clicked", async ({ page, chat }) => {
  const spoiler = chat.within('[data-testid="spoiler"]');
  expect(await spoiler.locator("canvas").count()).toBe(1);
  expect(await page.locator("#main").textContent()).not.toContain("secret");
  await spoiler.click();
  expect(await spoiler.textContent()).toBe("secret");
});

test("3.5-03 quoted words leak into the row's text", async ({ page, chat }) => {
  await chat.openAtTop("Kinds");
  expect(await said(page, "Answer to the typo").textContent()).toContain("No typo here");
  expect(await said(page, "Answer to the typo").locator('[data-testid="selectable-text"]').textContent()).toBe(
    "Answer to the typo",
  );
});

test("3.5-08 a named person is a button with the hidden id", async ({ page, chat }) => {
  await chat.openAtTop("Group of three");
  const mention = said(page, "Thanks").locator('span[role="button"] span[data-plain-text="@Nara"]');
  expect(await mention.getAttribute("data-app-text-template")).toMatch(/^\d{15}@lid$/);
});
