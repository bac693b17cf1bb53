// Evidence 2.4: inside the row of a chat.
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { fill, icons } from "./list.ts";
import { onStage } from "./scene.ts";
import { chatRow, openChat } from "./stage.ts";

const test = onStage({ world: fill });

test("2.4-01 a row holds aria-selected, tabindex and the cell frame", async ({ page }) => {
  const outer = chatRow(page, "Pinned one").locator(
    'div[aria-selected="false"][tabindex="-1"] > [data-testid="cell-frame-container"]',
  );
  await outer.waitFor();
  await openChat(page, "Pinned one");
  await chatRow(page, "Pinned one").locator('div[aria-selected="true"][tabindex="0"]').waitFor();
  await page.keyboard.press("Escape");
});

test("2.4-02 the title line is the second column with title and time", async ({ page }) => {
  const line = chatRow(page, "Pinned one").locator('[role="gridcell"][aria-colindex="2"]');
  expect(await line.locator('[data-testid="cell-frame-title"]').count()).toBe(1);
  expect(await line.locator('[data-testid="cell-frame-primary-detail"]').count()).toBe(1);
});

test("2.4-03 the title attribute is the whole name, spaces are collapsed, emoji are pictures", async ({
  page,
  list,
}) => {
  await list.reach("Two  spaces  🍕");
  const name = chatRow(page, "Two  spaces  🍕").locator('[data-testid="cell-frame-title"] span[title][dir="auto"]');
  expect(await name.textContent()).toBe("Two spaces ");
  expect(await name.locator("img[alt]").getAttribute("alt")).toBe("🍕");
  await list.toTop();
});

test("2.4-04 an unsaved contact is called by its number", async ({ list }) => {
  await list.reach("+55 11 92000-0021");
  await list.toTop();
});

test("2.4-05 the unread text is hidden before the name, in the same element", async ({ page, list }) => {
  await list.reach("Group of three");
  const title = chatRow(page, "Group of three").locator('[data-testid="cell-frame-title"]');
  expect(await title.textContent()).toBe("3 unread messagesGroup of three");
  expect(
    await title
      .locator("> *")
      .first()
      .evaluate((node) => node.getBoundingClientRect().width),
  ).toBeLessThan(2);
  await list.toTop();
});

test("2.4-06 the chat with oneself says so behind its name", async ({ page, list }) => {
  await list.reach("Conf Shop (You)");
  expect(await page.locator('[data-testid="message-yourself-row"]').count()).toBe(1);
  await list.toTop();
});

test("2.4-07 the time is a clock, a weekday or a date", async ({ stage, page, list }) => {
  const time = (title: string): Locator => chatRow(page, title).locator('[data-testid="cell-frame-primary-detail"]');
  await stage.write("Pinned one", "now");
  await expect.poll(() => time("Pinned one").textContent()).toMatch(/^\d?\d:\d\d\s[AP]M$/);
  await list.reach("Two  spaces  🍕");
  expect(await time("Texts").textContent()).toBe("Yesterday");
  expect(await time("Muted one").textContent()).toMatch(/day$/);
  expect(await time("Two  spaces  🍕").textContent()).toMatch(/^\d?\d\/\d?\d\/\d{4}$/);
  await list.toTop();
});

test("2.4-08 the preview's text contains the titles of its drawings", async ({ list }) => {
  await list.reach("Off");
  expect(await list.secondary("Off").textContent()).toBe("wds-ic-deliveredSent words");
  await list.toTop();
});

test("2.4-09 the preview's title is wrapped in marks, on a share of the rows", async ({ page }) => {
  const exposed = page.locator('#pane-side span[data-testid="last-msg-status"][title]');
  const rows = await page.locator('#pane-side [role="row"]').count();
  expect(await exposed.count()).toBeGreaterThan(rows * 0.4);
  expect(await exposed.count()).toBeLessThan(rows * 0.95);
  expect(await exposed.first().getAttribute("title")).toMatch(/^[\u202A\u202B].*\u202C$/);
});

test("2.4-10 a group's preview begins with the author", async ({ stage, list }) => {
  await list.reach("Group of three");
  const drawn = await list.secondary("Group of three").textContent();
  expect(drawn).toContain("Nara:\u00A0Last one");
  await stage.post("accounts/conf/own", { chat: "Group of three", text: "From us" });
  await list.toTop();
  await expect.poll(() => list.secondary("Group of three").textContent()).toContain("You:\u00A0From us");
  await list.toTop();
});

test("2.4-11 the state of our last message has no label, colour tells read", async ({ stage, list }) => {
  const colour = (title: string): Promise<string> =>
    list
      .secondary(title)
      .locator("svg")
      .first()
      .evaluate((node) => getComputedStyle(node).color);
  await list.reach("Off");
  await stage.post("accounts/conf/own", { chat: "Away", text: "Delivered words" });
  await list.toTop();
  await expect.poll(async () => (await icons(list.secondary("Away")))[0]).toBe("wds-ic-read");
  expect(await colour("Away")).toBe("rgba(0, 0, 0, 0.6)");
  expect(await list.secondary("Away").locator("[aria-label]").count()).toBe(0);
  await stage.post("accounts/conf/own", { chat: "Kinds", text: "Blue soon" });
  await expect.poll(() => colour("Kinds")).toBe("rgb(0, 123, 252)");
  await list.toTop();
});

test("2.4-12 media and deleted messages show their drawing", async ({ stage, list }) => {
  const wanted: [object, string][] = [
    [{ kind: "image" }, "ic-image"],
    [{ kind: "video", seconds: 3 }, "ic-videocam-filled"],
    [{ kind: "audio", name: "a.mp3", seconds: 3 }, "ic-headphones"],
    [{ kind: "document", name: "a.pdf" }, "ic-description"],
    [{ kind: "gif", seconds: 1 }, "ic-gif"],
  ];
  for (const [body, icon] of wanted) {
    await stage.write("Kinds", "", { body });
    await expect.poll(() => icons(list.secondary("Kinds"))).toEqual([icon]);
  }
  const key = await stage.write("Kinds", "gone soon");
  await stage.happen("Kinds", key, { do: "delete" });
  await expect.poll(() => icons(list.secondary("Kinds"))).toEqual(["recalled"]);
});

test("2.4-13 the badge is hidden from readers, labelled, and stops at 999", async ({ stage, page }) => {
  const some = (from: number): Promise<string[]> =>
    Promise.all(Array.from({ length: 50 }, (_, index) => stage.write("Muted one", `${from + index}`)));
  for (let from = 0; from < 1000; from += 50) await some(from);
  const badge = chatRow(page, "Muted one").locator(
    '[role="gridcell"][aria-colindex="1"] div[aria-hidden="true"] > span[data-testid="icon-unread-count"]',
  );
  await expect.poll(() => badge.textContent()).toBe("999+");
  expect(await badge.getAttribute("aria-label")).toMatch(/^1,0\d\d unread messages$/);
});

test("2.4-14 marked unread by hand has no number", async ({ stage, page, list }) => {
  await list.reach("Off");
  await stage.toChat("Off", { do: "mark_unread", on: true });
  const badge = chatRow(page, "Off").locator('[data-testid="icon-unread-count"]');
  await badge.waitFor();
  expect([await badge.textContent(), await badge.getAttribute("aria-label")]).toEqual(["", "Unread"]);
  await list.toTop();
});

test("2.4-15 a muted chat is marked", async ({ page }) => {
  expect(
    await chatRow(page, "Muted one").locator('[data-testid="mute-notifications-refreshed"]').getAttribute("aria-label"),
  ).toBe("Muted chat");
});

test("2.4-16 a pinned chat is marked and first", async ({ page }) => {
  const first = page.locator('#pane-side [style*="translateY(0px)"]');
  expect(await first.locator("div[aria-label]:has(svg)").locator("title").allTextContents()).toContain("ic-push-pin");
});

test("2.4-17 an unread message that names us is marked", async ({ stage, page }) => {
  await stage.write("Group of three", "Look @Conf Shop", { mentions: [{ name: "Conf Shop", id: "2002", us: true }] });
  await chatRow(page, "Group of three").locator('[data-testid="icon-mentions"]').waitFor();
});

test("2.4-18 an archived chat says so in search results", async ({ page, list }) => {
  await list.search("Archived one");
  await chatRow(page, "Archived one").getByText("Archived", { exact: true }).waitFor();
  await list.search("");
});

test("2.4-19 typing replaces the preview", async ({ stage, list }) => {
  await stage.post(`accounts/conf/chats/${encodeURIComponent("Pinned one")}/typing`, { on: true });
  await expect.poll(() => list.secondary("Pinned one").textContent()).toBe("typing...");
  expect(await list.secondary("Pinned one").locator('[data-testid="last-msg-status"]').count()).toBe(0);
  await stage.post(`accounts/conf/chats/${encodeURIComponent("Pinned one")}/typing`, { on: false });
});

test("2.4-20 a draft replaces the preview", async ({ page, list }) => {
  await openChat(page, "Pinned one");
  await page.keyboard.insertText("unfinished");
  await page.keyboard.press("Escape");
  await expect.poll(() => list.secondary("Pinned one").textContent()).toBe("Draft:\u00A0unfinished");
});

test("2.4-21 the menu button exists only under the pointer or the focus", async ({ page }) => {
  const button = chatRow(page, "Pinned one").locator('button[data-testid="context-btn"]');
  await page.mouse.move(900, 400);
  await expect.poll(() => button.count()).toBe(0);
  await chatRow(page, "Pinned one").hover();
  await button.waitFor({ state: "attached" });
  await page.mouse.move(900, 400);
  await expect.poll(() => button.count()).toBe(0);
  await chatRow(page, "Pinned one").locator("[aria-selected]").focus();
  await button.waitFor({ state: "attached" });
});

test("2.4-23 a picture stands in place of the default icon, and changes with its owner's wish", async ({
  stage,
  page,
}) => {
  const picture = chatRow(page, "Kinds").locator("img:not([data-plain-text])");
  const size = () => picture.evaluate((node: HTMLImageElement) => [node.naturalWidth, node.clientWidth]);
  expect(await picture.getAttribute("alt")).toBe("");
  await expect.poll(size).toEqual([96, 49]);
  expect(await chatRow(page, "Kinds").locator('[data-icon^="default-"]').count()).toBe(0);
  const before = await picture.getAttribute("src");
  await stage.post("accounts/conf/chats/Kinds", { do: "picture", number: 9 });
  await expect.poll(() => picture.getAttribute("src")).not.toBe(before);
  await stage.post("accounts/conf/chats/Kinds", { do: "picture", number: null });
  await chatRow(page, "Kinds").locator('[data-icon^="default-contact"]').waitFor();
  expect(await picture.count()).toBe(0);
});
