// The menu of a message: the buttons that are there only under the pointer, and what the menu offers.
import { expect } from "vitest";
import { MENU, MENU_WORLD, opened, openMenu, pointAt, press } from "./menu.ts";
import { onStage } from "./scene.ts";
import { LAST_ROW, said } from "./stage.ts";

const test = onStage({ scenario: MENU_WORLD, page: opened });

const away = { x: 400, y: 30 };

test("9.1-01 the menu button is in the document only under the pointer or the focus", async ({ page }) => {
  await page.mouse.move(away.x, away.y);
  await expect.poll(() => page.locator('[data-testid="icon-down-context"]').count()).toBe(0);
  const button = await pointAt(page, "Hello there");
  expect(await page.locator('[data-testid="icon-down-context"]').count()).toBe(1);
  expect(await button.getAttribute("role")).toBe("button");
  expect(await button.getAttribute("data-js-context-icon")).not.toBe(null);
  expect(await button.getAttribute("aria-expanded")).toBe("false");
  expect(await button.getAttribute("tabindex")).toBe("0");
  expect(await button.locator("svg > title").textContent()).toBe("ic-expand-more");
  expect(await button.evaluate((node) => node.closest('[data-testid="msg-container"]') !== null)).toBe(true);
  await pointAt(page, "Good day");
  expect(await page.locator('[data-testid="icon-down-context"]').count()).toBe(1);
  expect(await said(page, "Hello there").locator('[data-testid="icon-down-context"]').count()).toBe(0);
});

test("9.1-01 the button is there for the keyboard's focus too, and opens by a key", async ({ page }) => {
  await page.mouse.move(away.x, away.y);
  await page.keyboard.press("Tab");
  await said(page, "Good day").evaluate((node: HTMLElement) => node.focus());
  const button = said(page, "Good day").locator('[data-testid="icon-down-context"]');
  await button.waitFor();
  await button.focus();
  await page.keyboard.press("Enter");
  await page.locator(MENU).waitFor();
  expect(await button.getAttribute("aria-expanded")).toBe("true");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(MENU).count()).toBe(0);
});

test("9.1-02 beside the bubble is a button to react, on hover only", async ({ page }) => {
  await page.locator('#main footer [role="textbox"]').focus();
  await page.mouse.move(away.x, away.y);
  await expect.poll(() => page.locator('[data-testid="reaction-entry-point"]').count()).toBe(0);
  await pointAt(page, "Hello there");
  const react = said(page, "Hello there").locator(
    '[data-testid="msg-container"] [data-testid="reaction-entry-point"][role="button"][aria-label="React"]',
  );
  expect(await react.locator("svg > title").textContent()).toBe("ic-mood");
  const bubble = await said(page, "Hello there").locator('[data-testid="msg-container"]').boundingBox();
  const place = await react.boundingBox();
  expect(place?.x).toBeGreaterThanOrEqual((bubble?.x ?? 0) + (bubble?.width ?? 0));
});

test("9.1-05 a right click on the bubble opens the menu where the pointer is", async ({ page }) => {
  const bubble = said(page, "Hello there").locator('[data-testid="msg-container"]');
  const box = await bubble.boundingBox();
  if (!box) throw new Error("no bubble");
  const at = { x: box.x + 12, y: box.y + 12 };
  await page.mouse.click(at.x, at.y, { button: "right" });
  const menu = await page.locator(MENU).boundingBox();
  expect(Math.abs((menu?.x ?? 0) - at.x)).toBeLessThan(20);
  await page.keyboard.press("Escape");
});

test("9.2-01 entries have a role, a label and an icon, and no test id", async ({ page }) => {
  const menu = await openMenu(page, "Another of theirs");
  expect(await menu.evaluate((node) => node.closest("#main"))).toBe(null);
  const entries = await menu.locator('button[role="menuitem"]').evaluateAll((all) =>
    all.map((one) => ({
      label: one.getAttribute("aria-label"),
      shown: one.querySelector("span")?.textContent,
      testid: one.getAttribute("data-testid"),
      icon: one.querySelector("svg > title")?.textContent,
    })),
  );
  for (const { label, shown, testid } of entries) {
    expect(label).toBe(shown);
    expect(testid).toBe(null);
  }
  expect(Object.fromEntries(entries.map(({ label, icon }) => [label, icon]))).toMatchObject({
    Reply: "ic-reply",
    React: "ic-mood",
    Forward: "ic-fast-forward",
    Pin: "ic-push-pin",
    Star: "ic-grade",
    Delete: "ic-delete",
  });
  await page.keyboard.press("Escape");
});

test("9.2-03 entries come in one order, some for ours and some for theirs", async ({ page }) => {
  const labels = async (words: string): Promise<(string | null)[]> => {
    const menu = await openMenu(page, words);
    const found = await menu.locator('[role="menuitem"]').evaluateAll((all) => all.map((one) => one.ariaLabel));
    await page.keyboard.press("Escape");
    return found;
  };
  const both = ["Reply", "Copy", "React", "Forward", "Pin", "Star"];
  expect(await labels("Another of theirs")).toEqual([...both, "Select", "Report", "Delete"]);
  expect(await labels("Another of ours")).toEqual(["Message info", ...both, "Edit", "Select", "Delete"]);
  expect(await labels("A cake")).toEqual([
    ...["Reply", "Copy", "React", "Download", "Forward", "Pin", "Star"],
    ...["Select", "Report", "Delete"],
  ]);
});

test("9.2-04 an entry is there only when the act is possible", async ({ stage, page }) => {
  const labels = async (words: string): Promise<(string | null)[]> => {
    const menu = await openMenu(page, words);
    const found = await menu.locator('[role="menuitem"]').evaluateAll((all) => all.map((one) => one.ariaLabel));
    await page.keyboard.press("Escape");
    return found;
  };
  expect(await labels("This message was deleted")).toEqual(["Select", "Delete"]);
  expect(await labels("Which day?")).not.toContain("Forward");
  expect(await labels("Passed on by us")).not.toContain("Edit");
  await stage.post("trouble", { send_never_delivered: true });
  await page.locator('#main footer [role="textbox"]').focus();
  await page.keyboard.insertText("not handed in");
  await page.keyboard.press("Enter");
  await said(page, "not handed in").waitFor();
  expect(await labels("not handed in")).toEqual(["Copy", "Select", "Delete"]);
  await stage.post("trouble", {});
  await page.locator('[data-testid="conversation-panel-messages"]').evaluate((node) => node.scrollTo({ top: 0 }));
  const notice = page.locator('[data-testid="msg-notification-container"]').first();
  await notice.hover();
  const row = page.locator('#main [role="row"]').filter({ has: notice });
  expect(await row.locator('[data-testid="icon-down-context"]').count()).toBe(0);
});

test("9.2-05 Escape, a press outside and a scroll close it; an entry closes it before it acts", async ({ page }) => {
  const ways = [
    () => page.keyboard.press("Escape"),
    () => page.mouse.click(away.x, away.y),
    () => page.locator('[data-testid="conversation-panel-messages"]').evaluate((node) => node.scrollBy(0, -40)),
  ];
  for (const close of ways) {
    await (await openMenu(page, "Good day")).waitFor();
    await close();
    await expect.poll(() => page.locator(MENU).count()).toBe(0);
  }
  expect(await page.locator("#main").count(), "Escape closed the menu and not the chat").toBe(1);
  await press(page, "Good day", "Select");
  expect(await page.locator(MENU).count()).toBe(0);
});

test("a new message scrolls the conversation, and that closes the menu as well", async ({ stage, page }) => {
  await page.locator(LAST_ROW).scrollIntoViewIfNeeded();
  await (await openMenu(page, "The last of theirs")).waitFor();
  await stage.write("Menu", "comes in between");
  await said(page, "comes in between").waitFor();
  await expect.poll(() => page.locator(MENU).count()).toBe(0);
});

test("9.1-04 9.2-02 the generation before had a list of words and other icons", async ({ stage, page }) => {
  await stage.post("look", { generation: "g2" });
  await page.reload();
  await page.locator('#pane-side [title="Menu"]').first().click();
  const message = page.locator("#main [data-id]").filter({ hasText: "Hello there" }).last();
  await message.hover();
  const button = message.locator('[data-js-context-icon="true"][role="button"]');
  expect(await button.getAttribute("aria-label")).toBe("Context menu");
  expect(await button.locator('span[data-icon="ic-chevron-down-menu"]').count()).toBe(1);
  expect(await message.locator('[role="button"][aria-label="React"]').count()).toBe(1);
  await button.click();
  const menu = page.locator('div[role="application"]:has(> ul)');
  const labels = await menu
    .locator("ul > li[data-animate-dropdown-item][role=button][tabindex='0'] > [aria-label]")
    .evaluateAll((all) => all.map((one) => one.ariaLabel));
  expect(labels).toEqual(["Reply", "Copy", "React", "Forward", "Pin", "Star", "Select", "Report", "Delete"]);
  expect(await menu.locator("svg").count()).toBe(0);
  expect(await page.locator("[data-testid]").count()).toBe(0);
  await menu.getByText("Reply", { exact: true }).click();
  await page.locator('#main footer [aria-label="Quoted message"]').waitFor();
});

test("an unknown generation keeps roles and labels, with neither test ids nor known icons", async ({ stage, page }) => {
  await stage.post("look", { generation: "unknown:5" });
  await page.reload();
  await page.locator('#pane-side [title="Menu"]').first().click();
  const message = page.locator("#main [data-id]").filter({ hasText: "Hello there" }).last();
  await message.hover();
  await message.locator('[role="button"][aria-expanded="false"]').click();
  const menu = page.locator('[role="menu"]');
  await menu.locator('[role="menuitem"][aria-label="Forward"]').waitFor();
  const icons = await menu.locator("svg > title").allTextContents();
  expect(icons.every((name) => name.startsWith("sym-"))).toBe(true);
  expect(await page.locator("[data-testid]").count()).toBe(0);
});

test("each language has its own words", async ({ stage }) => {
  await stage.post("look", {});
  for (const [locale, words] of [
    ["pt-BR", ["Responder", "Reagir", "Encaminhar", "Favoritar", "Apagar"]],
    ["es", ["Responder", "Reaccionar", "Reenviar", "Destacar", "Eliminar"]],
    ["it", ["Rispondi", "Reagisci", "Inoltra", "Aggiungi a importanti", "Elimina"]],
    ["zh-CN", ["回复", "回应", "转发", "加星标", "删除"]],
  ] as const) {
    const page = await stage.linked({ locale });
    await opened(page);
    const menu = await openMenu(page, "Hello there");
    const labels = await menu.locator('[role="menuitem"]').evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(labels, locale).toEqual(expect.arrayContaining([...words]));
    await page.close();
  }
});
