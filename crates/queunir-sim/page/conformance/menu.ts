// Hands for the menu of a message, as a person uses it: point at the message, press what appears.
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { openChat, said } from "./stage.ts";

export const MENU_WORLD = fileURLToPath(new URL("menu-world.toml", import.meta.url));
/** The menu that is open, in today's markup. */
export const MENU = '[data-menu-content] [role="menu"]';

/** The button that opens the menu of the message with these words. */
export async function pointAt(page: Page, words: string): Promise<Locator> {
  const message = said(page, words);
  await message.scrollIntoViewIfNeeded();
  await message.locator('[data-testid="msg-container"]').hover();
  return message.locator('[data-testid="icon-down-context"]');
}

/** Opens the menu of a message. */
export async function openMenu(page: Page, words: string): Promise<Locator> {
  await (await pointAt(page, words)).click();
  return page.locator(MENU);
}

/** Presses an entry in the menu of a message. */
export async function press(page: Page, words: string, entry: string): Promise<void> {
  const menu = await openMenu(page, words);
  await menu.locator(`[role="menuitem"][aria-label="${entry}"]`).click();
}

/** The tray above a message. */
export async function openTray(page: Page, words: string): Promise<Locator> {
  await pointAt(page, words);
  await said(page, words).locator('[data-testid="reaction-entry-point"]').click();
  return page.locator('[data-menu-content] [role="toolbar"]');
}

/** The page shows the chat of these tests. */
export const opened = (page: Page): Promise<void> => openChat(page, "Menu");
