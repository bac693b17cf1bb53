// Hands for the open conversation.
import type { Locator, Page } from "playwright-core";
import { openChat, said } from "./stage.ts";

/** The conversation that one page shows. */
export class Conversation {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** What matches inside the open conversation. */
  within(selector: string): Locator {
    return this.page.locator(`#main ${selector}`);
  }

  /** All rows that show these words. */
  rows(words: string | RegExp): Locator {
    return this.within('[data-testid^="conv-msg-"]').filter({ hasText: words });
  }

  /** The words alone of the last row that shows them. */
  body(words: string): Locator {
    return said(this.page, words).locator('[data-testid="selectable-text"]').last();
  }

  /** The label of the delivery state of a message of ours. */
  state(words: string): Promise<string | null> {
    return said(this.page, words).locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label");
  }

  async scrollTo(top: number): Promise<void> {
    await this.within('[data-testid="conversation-panel-messages"]').evaluate(
      (node, to) => node.scrollTo({ top: to }),
      top,
    );
  }

  /** Opens a chat and goes up to the first row that is there. */
  async openAtTop(title: string): Promise<void> {
    await openChat(this.page, title);
    await this.scrollTo(0);
  }

  /** Writes a message into the composer, which has the focus, and sends it. */
  async write(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press("Enter");
  }
}
