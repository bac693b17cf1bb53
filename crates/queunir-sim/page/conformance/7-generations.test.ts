// Evidence 0.2 and the facts that speak of the generation before: switched while the simulator runs.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./stage.ts";
import { NOTHING, watch } from "./watch.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  page = await stage.linked();
});
afterAll(() => stage.end());

const count = (selector: string): Promise<number> => page.locator(selector).count();
const titles = async (): Promise<Set<string>> => new Set(await page.locator("#app svg > title").allTextContents());
/** Opens a chat in any generation. */
const open = async (title: string): Promise<void> => {
  await page.locator(`#pane-side [title="${title}"]`).first().click();
  await page.locator(`#main header [title="${title}"]`).waitFor();
  await page.locator("#main [data-id]").first().waitFor();
};
const load = async (generation: string): Promise<void> => {
  await stage.post("look", { generation });
  await page.reload();
  await page.locator("#pane-side").waitFor();
};

test("an open page keeps what it wears, the next load wears the other", async () => {
  await stage.post("look", { generation: "g2" });
  const banners = await watch(page, '[data-testid="chat-butterbar-offline"]');
  await stage.post("disturb", { cut: true });
  await expect.poll(banners).toEqual([NOTHING, expect.stringContaining("Computer not connected"), NOTHING]);
  expect(await count('[data-testid="cell-frame-container"]')).toBeGreaterThan(0);
  await page.reload();
  await page.locator("#pane-side").waitFor();
  expect(await count("[data-testid]")).toBe(0);
});

test("3.2-06 3.3-01 the generation before packs direction, chat and key into data-id", async () => {
  await open("Kinds");
  const ids = await page
    .locator("#main [data-id]")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-id") ?? ""));
  for (const id of ids) expect(id).toMatch(/^(true|false)_5511920000001@c\.us_(3A|3EB0|A[C5])[0-9A-F]+$/);
  expect(new Set(ids.map((id) => id.split("_")[0])).size).toBe(2);
  await open("Group of three");
  const group = await page.locator("#main [data-id]").last().getAttribute("data-id");
  expect(group).toMatch(/^false_\d+@g\.us_[0-9A-F]+_5511920000013@c\.us$/);
});

test("the generation before has classes for the direction, older icons and an editable search", async () => {
  expect(await count("#main .message-in")).toBeGreaterThan(3);
  expect(await count("#main .message-out")).toBeGreaterThan(0);
  expect(
    await count('#main .message-out [data-icon="msg-dblcheck"], #main .message-out [data-icon="msg-dblcheck-ack"]'),
  ).toBeGreaterThan(0);
  expect(await count('div[contenteditable="true"][data-tab="3"]')).toBe(1);
  expect(await count('#pane-side [role="listitem"] > [role="row"]')).toBeGreaterThan(5);
  expect(await count('#main [role="application"][data-tab="8"]')).toBe(1);
  expect(await page.locator("#app > .app-wrapper-web").getAttribute("class")).toMatch(/\btwo\b/);
  const search = page.locator('div[contenteditable="true"][data-tab="3"]');
  await search.click();
  await page.keyboard.type("Third from");
  await expect.poll(() => page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toBe("2");
});

test("an unknown generation has neither test ids nor known icons, and one wrapper more", async () => {
  await load("unknown:7");
  await open("Kinds");
  expect(await count("[data-testid]")).toBe(0);
  expect([...(await titles())].every((name) => name.startsWith("sym-"))).toBe(true);
  expect(await count("#main [data-id]")).toBeGreaterThan(10);
  expect(await count("#main [data-pre-plain-text]")).toBeGreaterThan(5);
});

test("another seed is another generation, the same seed the same", async () => {
  const first = await titles();
  await load("unknown:8");
  const second = await titles();
  expect([...first].some((name) => second.has(name))).toBe(false);
  await load("unknown:7");
  const again = await titles();
  expect([...again].every((name) => first.has(name))).toBe(true);
  await load("g3");
  expect(await count('[data-testid="cell-frame-container"]')).toBeGreaterThan(0);
});
