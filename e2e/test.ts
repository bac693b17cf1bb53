// The tests' `test`: what a test has opened in the browser ends with it, so that no page of an earlier one goes on drawing.
import { test as base } from "@playwright/test";

export const test = base.extend<{ closed: undefined }>({
  closed: [
    async ({ browser }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],
});
