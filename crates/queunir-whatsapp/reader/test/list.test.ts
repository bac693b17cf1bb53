// What the reader says about the chat list.

import { beforeEach, describe, expect, it } from "vitest";
import { list as read } from "../src/list";
import { g3Chat, heading, list, page } from "./markup";

function show(rows: string[], total?: number): void {
  document.body.innerHTML = page(list(rows, total));
}

beforeEach(() => {
  document.documentElement.lang = "pt";
});

describe("the chat list", () => {
  it("is ordered by offset, not by place in the document", () => {
    show([g3Chat({ title: "Bia", y: 76 }), g3Chat({ title: "Ana", y: 0 }), g3Chat({ title: "Caio", y: 152 })]);
    const seen = read();
    expect(seen.rows.map((row) => [row.title, row.position])).toEqual([
      ["Ana", 0],
      ["Bia", 1],
      ["Caio", 2],
    ]);
    expect(seen).toMatchObject({
      present: true,
      total: 3,
      complete: true,
      lang: "pt",
    });
  });

  it("says which of two looks at one document is the later", () => {
    show([g3Chat({ title: "Ana", y: 0 })]);
    const [first, second] = [read(), read()];
    expect(second.look).toBeGreaterThan(first.look);
    expect(second.document).toBe(first.document);
    expect(first.document).not.toBe("");
  });

  it("knows that a window is not the list, and where the window stands", () => {
    show([g3Chat({ title: "Chat 41", y: 41 * 76 }), g3Chat({ title: "Chat 40", y: 40 * 76 })], 485);
    const seen = read();
    expect(seen.complete).toBe(false);
    expect(seen.rows.map((row) => row.position)).toEqual([40, 41]);
  });

  it("skips headings of the same role", () => {
    show([
      heading("Conversas", 0),
      g3Chat({ title: "Ana", y: 48 }),
      heading("Mensagens", 124),
      g3Chat({ title: "Bia", y: 172 }),
    ]);
    const seen = read();
    expect(seen.rows.map((row) => row.title)).toEqual(["Ana", "Bia"]);
    expect(seen.health?.alarm).toBe(false);
  });

  it("takes the name from the attribute and the count from the label, never digits from the text", () => {
    show([
      g3Chat({
        title: "+55 19 99999-0000",
        y: 0,
        unreadLabel: "1.227 mensagens não lidas",
        unreadText: "999+",
      }),
    ]);
    const row = read().rows[0];
    expect(row).toMatchObject({
      title: "+55 19 99999-0000",
      unread_label: "1.227 mensagens não lidas",
      unread_badge: true,
    });
  });

  it("hands the preview over from its attribute, with ticks and kinds by their icons", () => {
    show([
      g3Chat({
        title: "Ana",
        y: 0,
        preview: "ok, obrigada",
        tick: "wds-ic-read",
      }),
      g3Chat({ title: "Bia", y: 76, preview: "Foto", media: "ic-image" }),
      g3Chat({ title: "Família", y: 152, preview: "chego já", author: "Caio" }),
    ]);
    const [ana, bia, group] = read().rows;
    expect(ana).toMatchObject({
      preview: "\u202aok, obrigada\u202c",
      ack_icon: "wds-ic-read",
    });
    expect(bia).toMatchObject({ media_icon: "ic-image", ack_icon: undefined });
    expect(group?.author).toBe("Caio");
  });

  it("tells typing and drafts from previews", () => {
    show([
      g3Chat({ title: "Ana", y: 0, secondary: "<span>digitando...</span>" }),
      g3Chat({
        title: "Bia",
        y: 76,
        secondary: "<span>Rascunho:</span><span>oi</span>",
      }),
      g3Chat({ title: "Caio", y: 152, secondary: "" }),
      g3Chat({
        title: "Duda",
        y: 228,
        secondary: "<svg><title>ic-image</title></svg><span>Foto</span>",
        unreadLabel: "4 mensagens não lidas",
        unreadText: "4",
      }),
      g3Chat({ title: "Eva", y: 304, secondary: "<span>vou pensar...</span>" }),
    ]);
    expect(read().rows.map((row) => [row.typing, row.draft, row.preview])).toEqual([
      [true, false, undefined],
      [false, true, undefined],
      [false, false, undefined],
      [false, false, "Foto"],
      [false, false, "vou pensar..."],
    ]);
    document.documentElement.lang = "fi";
    show([g3Chat({ title: "Eva", y: 0, secondary: "<span>kirjoittaa…</span>" })]);
    expect(read().rows[0]).toMatchObject({ typing: true, preview: undefined });
  });

  it("sees pins, mutes and the chat with oneself", () => {
    const extra = `<span data-testid="mute-notifications-refreshed" aria-label="Conversa silenciada"></span><div aria-label="Conversa fixada"><svg><title>ic-push-pin</title></svg></div>`;
    show([
      g3Chat({ title: "Ana", y: 0, extra }),
      `<div role="row" style="height:76px;transform:translateY(76px)"><div data-testid="message-yourself-row"><span title="+55 11 98888-7777 (você)" dir="auto">x</span></div></div>`,
    ]);
    expect(read().rows).toMatchObject([
      { pinned: true, muted: true, unread_badge: false },
      { yourself: true, title: "+55 11 98888-7777 (você)" },
    ]);
  });

  it("reads both roles and nested ones once", () => {
    document.body.innerHTML = page(
      `<div id="pane-side"><div role="grid" aria-rowcount="1"><div role="listitem" style="height:72px;transform:translateY(0px)"><div role="row"><div role="gridcell" aria-colindex="2"><div><span title="Ana" dir="auto">Ana</span></div><div>11:58</div></div></div></div></div></div>`,
    );
    expect(read().rows).toMatchObject([{ title: "Ana", time: "11:58", y: 0 }]);
  });

  it("does not take a search for the list", () => {
    show([g3Chat({ title: "Ana", y: 0 })]);
    document
      .querySelector("#side")
      ?.insertAdjacentHTML(
        "afterbegin",
        `<div data-testid="chat-list-search-container"><input role="textbox" data-tab="3"></div>`,
      );
    expect(read().searching).toBe(false);
    (document.querySelector("input") as HTMLInputElement).value = "ana";
    expect(read().searching).toBe(true);
  });

  it("raises the alarm on rows from which nothing can be read", () => {
    document.body.innerHTML = page(
      `<div id="pane-side"><div role="grid" aria-rowcount="2"><div role="row">Ana</div><div role="row">Bia</div></div></div>`,
    );
    expect(read().health).toMatchObject({
      rows_seen: 2,
      rows_read: 0,
      alarm: true,
    });
  });

  it("is absent, not empty, on a page without one", () => {
    document.body.innerHTML = "";
    expect(read()).toMatchObject({ present: false, complete: false, rows: [] });
  });

  it("stays tellable when every chat ends in a very long message", () => {
    show(
      Array.from({ length: 600 }, (_, n) => g3Chat({ title: `Chat ${n}`, y: n * 76, preview: "🙂".repeat(30_000) })),
    );
    const seen = read();
    expect(seen.rows).toHaveLength(600);
    expect(new TextEncoder().encode(JSON.stringify(seen)).length).toBeLessThan(1 << 20);
  }, 30_000);

  it("survives names that are no text", () => {
    show([g3Chat({ title: "\ud800".concat("x".repeat(1_000_000)), y: 0 })]);
    const title = read().rows[0]?.title ?? "";
    expect(title.length).toBeLessThan(4_000);
    expect(title.isWellFormed()).toBe(true);
  });
});
