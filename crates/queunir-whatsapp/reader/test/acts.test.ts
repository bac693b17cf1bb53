// What can be pressed around a message, as the driver is told of it.

import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acts } from "../src/acts";
import { aimed, takeAim, watchPresses } from "../src/aim";
import { conversation, g3Message, page } from "./markup";

const menuButton = `<div data-testid="icon-down-context" role="button" aria-label="Open message options" aria-expanded="false"><svg><title>ic-expand-more</title></svg></div>`;

beforeAll(watchPresses);

beforeEach(() => {
  aimed();
  const rows = ["A", "B"].map((id) => g3Message({ id, body: `text ${id}`, inside: id === "A" ? menuButton : "" }));
  document.body.innerHTML = page(conversation(rows));
});

function add(html: string): void {
  document.body.insertAdjacentHTML("beforeend", html);
}

describe("what can be pressed", () => {
  it("in a row is what the row itself holds", () => {
    const row = acts.controls({ field: "row", key: "A" });
    expect(row.controls).toMatchObject([
      { role: "button", label: "Open message options", names: ["icon-down-context", "ic-expand-more"], on: false },
    ]);
    expect(acts.controls({ field: "row", key: "B" }).controls).toEqual([]);
    expect(acts.controls({ field: "row", key: "C" }).present).toBe(false);
  });

  it("in a menu, a tray and a dialog is told with its state", () => {
    expect(acts.controls({ field: "act.menu" }).present).toBe(false);
    add(
      `<div data-menu-content><div role="menu"><button role="menuitem" aria-label="Fixar"><svg><title>ic-push-pin</title></svg></button></div></div>`,
    );
    expect(acts.controls({ field: "act.menu" }).controls).toMatchObject([{ label: "Fixar", names: ["ic-push-pin"] }]);
    add(`<div role="toolbar" aria-label="x"><button aria-label="👍" aria-pressed="true"></button></div>`);
    expect(acts.controls({ field: "act.tray" }).controls).toMatchObject([{ label: "👍", on: true }]);
    add(
      `<div role="dialog"><input type="radio" name="duration" checked><input role="textbox" value="An"><div role="checkbox" aria-checked="false"><span title="Ana"></span></div><span aria-live="polite">Ana</span><button disabled>Ok</button></div>`,
    );
    expect(acts.controls({ field: "dialog" }).controls).toMatchObject([
      { on: true },
      { role: "textbox", text: "An" },
      { role: "checkbox", label: "Ana", on: false },
      { label: "Ana", live: true },
      { label: "Ok", off: true },
    ]);
  });

  it("finds a message's row by its key, and says when there is none", () => {
    expect(acts.messageRow({ key: "A" })).toMatchObject({ found: true, drawn: true });
    expect(acts.messageRow({ key: "C" })).toEqual({ found: false });
  });
});

describe("a press that is meant for a message", () => {
  it("reaches its row and no other", () => {
    const press = (id: string): boolean => {
      const inside = document.querySelector(`[data-id="${id}"] [data-testid="msg-container"]`);
      return inside?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true })) === true;
    };
    takeAim({ row: "A" });
    expect([press("A"), aimed()]).toEqual([true, { stopped: false }]);
    takeAim({ row: "A" });
    expect([press("B"), aimed()]).toEqual([false, { stopped: true }]);
  });
});
