// A press reaches the row that was meant, or nothing.

import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aimed, takeAim, watchPresses } from "../src/aim";
import { historyTop } from "../src/history";
import { conversation, g3Chat, g3Message, list, page } from "./markup";

let reached: string[] = [];

function press(title: string, kinds = ["pointerdown", "mousedown", "mouseup", "click"]): void {
  const inside = document.querySelector(`span[title="${title}"]`);
  for (const kind of kinds) inside?.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
}

beforeAll(watchPresses);

beforeEach(() => {
  aimed();
  reached = [];
  const rows = ["Ana", "Bia", "Bia", "+55 11 91000-0005"].map((title, n) => g3Chat({ title, y: n * 76 }));
  document.body.innerHTML = page(list(rows));
  for (const kind of ["mousedown", "click"])
    for (const row of document.querySelectorAll("#pane-side [role=row]"))
      row.addEventListener(kind, () =>
        reached.push(`${kind} ${row.querySelector("span[title]")?.getAttribute("title")}`),
      );
});

describe("a press after taking aim", () => {
  it("reaches the row that was meant", () => {
    takeAim({ title: "Ana" });
    press("Ana");
    expect(reached).toEqual(["mousedown Ana", "click Ana"]);
    expect(aimed()).toEqual({ stopped: false });
  });

  it("reaches no other row", () => {
    takeAim({ title: "Ana" });
    press("+55 11 91000-0005");
    expect(reached).toEqual([]);
    expect(aimed()).toEqual({ stopped: true });
  });

  it("is looked at event by event, because the row may go away in between", () => {
    takeAim({ title: "Ana" });
    press("Ana", ["pointerdown", "mousedown"]);
    press("+55 11 91000-0005", ["mouseup", "click"]);
    expect(reached).toEqual(["mousedown Ana"]);
    expect(aimed()).toEqual({ stopped: true });
  });

  it("knows a chat by its phone where that is its title", () => {
    takeAim({ title: "Caio", phone: "+5511910000005" });
    press("+55 11 91000-0005");
    expect(aimed()).toEqual({ stopped: false });
  });

  it("reaches neither of two rows with one name", () => {
    takeAim({ title: "Bia" });
    press("Bia");
    expect(reached).toEqual([]);
  });

  it("is free again once the answer was asked for, and a press nobody aimed is told as stopped", () => {
    takeAim({ title: "Ana" });
    aimed();
    press("+55 11 91000-0005");
    expect(reached).toHaveLength(2);
    expect(aimed()).toEqual({ stopped: true });
  });
});

describe("the button that asks the phone", () => {
  const top = (words: string) =>
    page(conversation([`<div id="above"><button>${words}</button></div>`, g3Message({ id: "K1", body: "hello" })]));

  it("is known by its words, and a press after taking aim at it reaches nothing else", () => {
    document.body.innerHTML = top("Click here to get older messages from your phone.");
    const press = (selector: string) =>
      document.querySelector(selector)?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
    expect(historyTop()).toMatchObject({ title: "Maria Souza", state: "phone" });
    takeAim({ older: true });
    press("#above button");
    expect(aimed()).toEqual({ stopped: false });
    takeAim({ older: true });
    press("[data-id=K1]");
    expect(aimed()).toEqual({ stopped: true });
  });

  it("is none with other words", () => {
    document.body.innerHTML = top("Learn more");
    expect(historyTop().state).toBe("more");
    takeAim({ older: true });
    document.querySelector("#above button")?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
    expect(aimed()).toEqual({ stopped: true });
  });
});
