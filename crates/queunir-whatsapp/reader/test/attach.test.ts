// The screen before a file is sent, known by what it holds. The markup is the evidence's (4.3), in names of nobody's.

import { beforeEach, describe, expect, it } from "vitest";
import { safe } from "../src/calls";
import { conversation, g3Message, page } from "./markup";

const editor = (text: string) =>
  `<div contenteditable="true" role="textbox"><p><span data-lexical-text="true">${text}</span></p></div>`;
const button = (badge = "") =>
  `<div role="button"><span data-icon="wds-ic-send-filled"><svg><title>wds-ic-send-filled</title></svg></span>${badge}</div>`;
const screen = (inside: string, badge = "") =>
  `<div><div>${inside}</div><div>${editor("as agreed")}</div>${button(badge)}</div>`;

function draw(beside: string): void {
  document.body.innerHTML = page(conversation([g3Message({ id: "A1" })]));
  document.querySelector("#main")?.insertAdjacentHTML("beforeend", beside);
}

const ask = () => safe().preview?.() as { present: boolean; text?: string; count?: number; names?: string[] };

beforeEach(() => {
  Element.prototype.getBoundingClientRect = () => new DOMRect(10, 10, 100, 20);
  document.elementFromPoint = () => document.querySelector("[data-icon=wds-ic-send-filled]");
});

describe("the screen before a file is sent", () => {
  it("is an editor with a send button beside it, neither of them the composer's", () => {
    draw("");
    expect(ask().present).toBe(false);
    draw(`<div>${editor("something else")}</div>`);
    expect(ask().present).toBe(false);
    draw(screen(`<div title="bill.pdf">bill.pdf</div>`));
    expect(ask()).toMatchObject({ present: true, text: "as agreed", count: 1, names: ["bill.pdf"] });
    expect(ask()).toMatchObject({ send: { present: true } });
  });

  it("says how many files would go", () => {
    draw(screen(`<img src="blob:https://web.whatsapp.com/1">`, "<span>3</span>"));
    expect(ask()).toMatchObject({ present: true, count: 3, names: [] });
  });

  it("shows no button while something lies above it", () => {
    draw(screen(""));
    document.elementFromPoint = () => document.querySelector("header");
    expect(ask()).toMatchObject({ present: true, send: { present: false } });
  });
});
