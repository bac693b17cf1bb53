// What most files of tests begin with: a simulator, a page that is linked to it, and hands for both.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { Conversation } from "./conversation.ts";
import { Truth } from "./ledger.ts";
import { List } from "./list.ts";
import { Stage } from "./stage.ts";

export interface Beginning {
  /** Another scenario than the usual one. */
  scenario?: string;
  /** What happened before there was a page. */
  world?: (stage: Stage) => Promise<unknown>;
  /** What is done in the page first. */
  page?: (page: Page) => unknown;
}

/**
 * Gives a `test` whose functions get what they name, as in `async ({ page, truth }) => …`. All tests of the file share
 * one simulator and one page, in order: what one leaves behind the next one finds.
 */
export function onStage(beginning: Beginning = {}) {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.start(beginning.scenario);
    await beginning.world?.(stage);
    page = await stage.linked();
    await beginning.page?.(page);
  });
  afterAll(() => stage?.end());
  /** Makes another page the one that the tests behind this one get. */
  const turnTo = (other: Page): void => {
    page = other;
  };
  return test
    .extend("stage", () => stage)
    .extend("truth", () => new Truth(stage))
    .extend("page", () => page)
    .extend("list", () => new List(page))
    .extend("chat", () => new Conversation(page))
    .extend("turnTo", () => turnTo);
}
