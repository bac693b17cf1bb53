// The committed bundle: one script of sensible size that installs its functions and needs nothing else.

import { describe, expect, it } from "vitest";
// @ts-expect-error: a text, by the bundler
import bundle from "../../src/page/__generated__/reader.js?raw";

const committed = String(bundle);

describe("the committed bundle", () => {
  it("is one script under 40 kB that installs the functions and needs nothing but the data beside it", () => {
    expect(new TextEncoder().encode(committed).length).toBeLessThan(40_000);
    expect(committed).not.toMatch(/\b(import|export)\s/);
    document.body.innerHTML = "";
    new Function(committed)();
    const qn = (globalThis as { __qn?: Record<string, () => unknown> }).__qn;
    expect(Object.keys(qn ?? {})).toEqual(
      expect.arrayContaining([
        "state",
        "list",
        "conversation",
        "chatRow",
        "composer",
        "sendButton",
        "messages",
        "qrReload",
        "useHere",
        "dialog",
        "header",
        "visible",
      ]),
    );
    expect(qn?.state?.()).toMatchObject({
      v: 1,
      kind: "state",
      screen: "blank",
    });
  });

  it("never reaches for the page's own program", () => {
    for (const forbidden of [
      "require(",
      "webpackChunk",
      "__reactFiber",
      "__reactProps",
      "indexedDB",
      "localStorage",
      "fetch(",
      "XMLHttpRequest",
      "eval(",
    ])
      expect(committed).not.toContain(forbidden);
  });
});
