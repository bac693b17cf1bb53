// What the observer pushes, and what it keeps to itself.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { observe } from "../src/observe";
import { conversation, g3Chat, g3Message, list, page } from "./markup";

interface Push {
  kind: string;
  screen?: string;
  rows?: { text?: string; title?: string }[];
}

const pre = "[11:58, 21/11/2026] Maria Souza: ";
let pushes: Push[] = [];
let visibility = "visible";

/** What was pushed since the last look. */
async function next(ms = 400): Promise<Push[]> {
  await vi.advanceTimersByTimeAsync(ms);
  return pushes.splice(0);
}

function kinds(found: Push[]): string[] {
  return found.map((push) => push.kind);
}

beforeAll(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"],
  });
  Object.defineProperty(Document.prototype, "visibilityState", {
    configurable: true,
    get: () => visibility,
  });
});

beforeEach(() => {
  pushes = [];
});

afterAll(() => {
  vi.useRealTimers();
});

describe("the observer", () => {
  it("waits for its binding, tells everything once, and then only what changed", async () => {
    document.body.innerHTML = page(
      list([g3Chat({ title: "Ana", y: 0 })]) + conversation([g3Message({ id: "A", pre, body: "oi" })]),
    );
    observe();
    expect(await next(1_000)).toEqual([]);

    (globalThis as { qnObserve?: (text: string) => void }).qnObserve = (text) => pushes.push(JSON.parse(text) as Push);
    expect(kinds(await next())).toEqual(["state", "list", "conversation", "health"]);
    expect(await next(20_000)).toEqual([]);

    document
      .querySelector("[data-tab='8']")
      ?.insertAdjacentHTML("beforeend", g3Message({ id: "B", pre, body: "de novo" }));
    const told = (await next()).find((push) => push.kind === "conversation");
    expect(told?.rows?.at(-1)?.text).toBe("de novo");

    // The same page redrawn is no news.
    document.querySelector("#main")?.setAttribute("class", "redrawn");
    expect(await next()).toEqual([]);
  });

  it("gathers a storm of changes into few pushes", async () => {
    const box = document.querySelector("[data-tab='8']");
    for (let n = 0; n < 100; n++) {
      box?.insertAdjacentHTML("beforeend", g3Message({ id: `S${n}`, pre, body: `${n}` }));
      await vi.advanceTimersByTimeAsync(10);
    }
    const told = (await next()).filter((push) => push.kind === "conversation");
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(14);
    expect(told.at(-1)?.rows?.at(-1)?.text).toBe("99");
  });

  it("says that it is hidden, and nothing of a conversation that is not drawn", async () => {
    visibility = "hidden";
    document.dispatchEvent(new Event("visibilitychange"));
    document.querySelector("[data-id=S99]")?.remove();
    const told = await next();
    expect(told.find((push) => push.kind === "state")).toMatchObject({
      visible: false,
    });
    expect(kinds(told)).not.toContain("conversation");
    visibility = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
    expect(kinds(await next())).toContain("conversation");
  });

  it("keeps an unknown screen to itself until it lasts", async () => {
    document.body.innerHTML = `<div id="app"><h1>?</h1></div>`;
    expect((await next(600)).filter((push) => push.kind === "state")).toEqual([]);
    expect((await next(3_000)).filter((push) => push.kind === "state")).toMatchObject([{ screen: "unknown" }]);
  });

  it("survives a page that goes away", async () => {
    document.documentElement.innerHTML = "";
    expect((await next()).filter((push) => push.kind !== "state")).toEqual([]);
  });
});
