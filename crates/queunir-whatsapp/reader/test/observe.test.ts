// What the observer pushes, and what it keeps to itself.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { conversation as read } from "../src/conversation";
import { list as readList } from "../src/list";
import { observe } from "../src/observe";
import { conversation, g3Chat, g3Message, list, page } from "./markup";

interface Push {
  kind: string;
  screen?: string;
  rows?: { text?: string; title?: string }[];
}

const pre = "[11:58, 21/11/2026] Maria Souza: ";
const grey = { label: " Entregue ", icon: "wds-ic-read" };
const reaction = `<div data-testid="reaction-bubble"><button aria-haspopup="true" aria-label="reaction 👍. View reactions"></button></div>`;
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

  it("tells of rows that it remembers what a fresh read tells, whatever was touched", async () => {
    const rows = ["A", "B", "C"].map((id) => g3Message({ id, pre, body: `oi ${id}`, ack: grey }));
    document.body.innerHTML = page(
      list([g3Chat({ title: "Ana", y: 0 }), g3Chat({ title: "Bia", y: 76 }, 1)]) + conversation(rows),
    );
    await next(1_000);
    const fresh = () => ({ list: readList().rows, conversation: read()?.rows });
    let told = { list: [] as unknown, conversation: [] as unknown };
    const row = (id: string) => document.querySelector(`[data-id=${id}]`) as Element;
    const changes: [string, () => void][] = [
      ["a word", () => row("A").querySelector(".selectable-text")?.replaceChildren("tchau")],
      ["a tick", () => row("B").querySelector("[aria-label=' Entregue ']")?.setAttribute("aria-label", " Lida ")],
      ["a reaction that hangs in the wrapper", () => row("C").parentElement?.insertAdjacentHTML("beforeend", reaction)],
      ["the content gone", () => row("A").querySelector("[data-testid=msg-container]")?.remove()],
      ["a name", () => document.querySelector("#pane-side span[title=Bia]")?.setAttribute("title", "Beatriz")],
      [
        "a place",
        () =>
          document
            .querySelector("#pane-side [role=row]")
            ?.setAttribute("style", "height: 76px; transform: translateY(152px)"),
      ],
      ["the theme", () => document.querySelector("#main [data-tab='8']")?.setAttribute("class", "dark")],
    ];
    for (const [what, change] of changes) {
      change();
      for (const push of await next())
        if (push.kind === "list" || push.kind === "conversation") told = { ...told, [push.kind]: push.rows };
      const wanted = JSON.parse(JSON.stringify(fresh()));
      for (const kind of ["list", "conversation"] as const)
        if ((told[kind] as unknown[]).length > 0) expect(told[kind], what).toEqual(wanted[kind]);
    }
    expect(told.conversation).toMatchObject([
      { drawn: false },
      { ack_label: " Lida " },
      { reactions: [expect.any(String)] },
    ]);
    expect(told.list).toMatchObject([
      { title: "Beatriz", y: 76 },
      { title: "Ana", y: 152 },
    ]);
  });

  it("asks nothing of a chat that only stands elsewhere now, and nothing at all of a new title", async () => {
    document.body.innerHTML = page(
      list([g3Chat({ title: "Ana", y: 0 }), g3Chat({ title: "Bia", y: 76 }, 1)]) + conversation([]),
    );
    await next(1_000);
    const asked: unknown[] = [];
    const ask = Element.prototype.querySelectorAll;
    const spy = vi.spyOn(Element.prototype, "querySelectorAll").mockImplementation(function (
      this: Element,
      selector: string,
    ) {
      asked.push(this);
      return ask.call(this, selector) as never;
    });
    try {
      const moved = document.querySelector("#pane-side [role=row]") as Element;
      moved.setAttribute("data-testid", "list-item-7");
      moved.setAttribute("style", "height: 76px; transform: translateY(532px)");
      expect((await next()).map(({ rows }) => rows?.map(({ title }) => title))).toEqual([["Bia", "Ana"]]);
      expect(asked).not.toContain(moved);

      asked.length = 0;
      document.head.insertAdjacentHTML("beforeend", "<title>(3) WhatsApp</title>");
      await next();
      expect(asked).toEqual([]);
    } finally {
      spy.mockRestore();
    }
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
