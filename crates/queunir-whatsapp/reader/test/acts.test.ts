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

  it("and what an info panel says, with the names around it, and no buttons' words", () => {
    expect(acts.texts({ field: "panel" })).toEqual({ present: false, texts: [] });
    expect(acts.point({ field: "panel" }).present).toBe(false);
    add(
      `<div data-testid="drawer-right"><header data-testid="contact-info-header"><button data-testid="btn-closer-drawer"><svg><title>ic-close</title></svg></button><h1>Contact info</h1></header><span data-testid="select-all selectable-text">At home <img alt="🌴" data-plain-text="🌴"></span><div data-testid="group-info-participants-section"><div role="listitem"><i></i><b>Ana</b><b>~A</b></div><div role="listitem"><b>Bia</b></div><button>View all</button></div></div>`,
    );
    const section = ["group-info-participants-section", "drawer-right"];
    expect(acts.texts({ field: "panel" }).texts).toEqual([
      { text: "Contact info", names: ["contact-info-header", "drawer-right"] },
      { text: "At home 🌴", names: ["select-all selectable-text", "drawer-right"] },
      { text: "Ana", names: ["#2:0", ...section] },
      { text: "~A", names: ["#2:0", ...section] },
      { text: "Bia", names: ["#4:0", ...section] },
    ]);
    expect(acts.point({ field: "panel.close" }).present).toBe(true);
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
