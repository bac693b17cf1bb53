// Hands for the list of chats.
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { chatRow, type Stage } from "./stage.ts";

/** Enough chats that most of them are not drawn. */
export async function fill(stage: Stage): Promise<void> {
  for (let index = 10; index < 140; index += 1) await stage.write(`+55 21 9${index}00-0${index}`, `Hello ${index}`);
}

/** The list of one page. */
export class List {
  private readonly page: Page;
  readonly pane: Locator;

  constructor(page: Page) {
    this.page = page;
    this.pane = page.locator("#pane-side");
  }

  rowCount(): Promise<string | null> {
    return this.pane.locator('[role="grid"]').getAttribute("aria-rowcount");
  }

  /** The second line in the row of a chat. */
  secondary(title: string): Locator {
    return chatRow(this.page, title).locator('[data-testid="cell-frame-secondary"]');
  }

  /** Scrolls until the row of a chat is drawn. */
  async reach(title: string): Promise<void> {
    await this.pane.evaluate((node) => node.scrollTo({ top: node.scrollHeight }));
    await chatRow(this.page, title).waitFor();
    await chatRow(this.page, title).scrollIntoViewIfNeeded();
  }

  async toTop(): Promise<void> {
    await this.pane.evaluate((node) => node.scrollTo({ top: 0 }));
    await chatRow(this.page, "Pinned one").waitFor();
  }

  /** Types into the search field; nothing ends the search. */
  async search(text: string): Promise<void> {
    const field = this.page.locator('input[role="textbox"][data-tab="3"]');
    await field.fill("");
    if (text) await field.pressSequentially(text);
    else await expect.poll(() => this.rowCount()).toMatch(/^\d{3}$/);
  }
}

/** The names of the drawings inside. */
export function icons(within: Locator): Promise<string[]> {
  return within.locator("svg > title").allTextContents();
}
