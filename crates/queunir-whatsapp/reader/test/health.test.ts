// What the reader counts of its own anchors, and profiles that are given to it while it runs.

import { afterEach, describe, expect, it } from "vitest";
import { Reading, type Tally } from "../src/anchors";
import { calls } from "../src/calls";
import { conversation as read } from "../src/conversation";
import { list as readList } from "../src/list";
import type { Profile } from "../src/profile";
import { conversation, g3Chat, g3Message, list, page } from "./markup";

const pre = "[11:58, 21/11/2026] Maria Souza: ";
const chats = ["Ana", "Bia", "Caio"].map((title, at) => g3Chat({ title, y: at * 76, preview: "oi" }, at));
const rows = ["1", "2", "3"].map((id) => g3Message({ id, pre, body: `oi ${id}`, tail: "in", label: "Maria Souza:" }));

function shown(html: string): void {
  document.body.innerHTML = page(html);
}

function tallies(): Record<string, Tally> {
  return { ...readList().health?.tallies, ...read()?.health?.tallies };
}

/** Names that were missed and not found once. */
function missed(): string[] {
  return Object.entries(tallies())
    .filter(([, [found, misses]]) => found === 0 && misses > 0)
    .map(([name]) => name)
    .sort();
}

afterEach(() => {
  calls.useProfiles([]);
});

describe("the reader's health", () => {
  it("misses nothing on a page of a known generation", () => {
    shown(list(chats) + conversation(rows));
    expect(missed()).toEqual(["list.search", "list.search:tab", "list.search:testid"]);
  });

  it("names the anchor that is dead although another finds the field", () => {
    shown((list(chats) + conversation(rows)).replaceAll("cell-frame-title", "renamed"));
    expect(missed()).toContain("list.title:testid");
    expect(missed()).not.toContain("list.title");
    expect(readList().rows.map((row) => row.title)).toEqual(["Ana", "Bia", "Caio"]);
  });

  it("misses no tail and no label in the middle of a run", () => {
    const said = (names: string[]) =>
      names.map((name, at) => g3Message({ id: `R${at}`, pre: pre.replace("Maria Souza", name), body: `oi ${at}` }));
    const ofRuns = () => missed().filter((name) => /^row\.(tail|label)/.test(name));
    shown(conversation(said(Array(30).fill("Maria Souza"))));
    expect(ofRuns()).toEqual([]);
    shown(conversation(said(["Maria Souza", "Eu", "Maria Souza", "Eu"])));
    expect(ofRuns()).toEqual(["row.label", "row.tail"]);
    expect(tallies()["row.tail"]).toEqual([0, 3]);
  });

  it("names the anchors of pictures and albums that something else shows", () => {
    const tiles = [1, 2]
      .map((n) => `<div style="grid-area: 1 / ${n}"><div data-testid="image-thumb"><img src="blob:x${n}"></div></div>`)
      .join("");
    const inside = [
      `<div data-testid="media-album"><div>${tiles}</div></div>`,
      `<div role="button" data-testid="image-thumb" aria-label="Abrir foto"><img src="blob:x"></div>`,
    ];
    const html = conversation(inside.map((media, at) => g3Message({ id: `M${at}`, inside: media })));
    const ofFiles = () => missed().filter((name) => /^(kind|media)\./.test(name));
    shown(html);
    expect(ofFiles()).toEqual([]);
    shown(html.replace("media-album", "x").replaceAll("image-thumb", "y"));
    expect(ofFiles()).toEqual(["kind.album:testid", "kind.image", "kind.image:testid", "media.tile:testid"]);
  });

  it("tells of a list that is not where it was, and of messages without an id", () => {
    shown(
      `${list(chats)
        .replace("pane-side", "renamed")
        .replace(/data-scrolltracepolicy="wa.web.chatlist"/, "")}${conversation([...rows, ...rows, ...rows]).replaceAll(
        "data-id=",
        "data-key=",
      )}`,
    );
    expect(missed()).toEqual(expect.arrayContaining(["list.pane", "row.id"]));
  });

  it("counts the rows that have a stamp and no bubble, body or line", () => {
    shown(
      conversation(
        rows.map((row) =>
          row
            .replaceAll("msg-container", "x")
            .replaceAll("msg-meta", "y")
            .replaceAll("selectable-text", "z")
            .replaceAll("copyable-text", "w"),
        ),
      ),
    );
    expect(missed()).toEqual(expect.arrayContaining(["row.body:testid", "row.bubble", "row.meta:testid"]));
  });
});

describe("profiles that are given", () => {
  const profile = (fields: Profile["fields"], more: Partial<Profile> = {}): Profile => ({
    version: 1,
    generation: "next",
    detect: ["[data-mark=list]"],
    fields,
    ...more,
  });

  it("are tried first on their generation, and forgotten when they are taken away", () => {
    shown(list(chats).replace('data-testid="chat-list"', 'data-mark="list"').replaceAll("cell-frame-title", "renamed"));
    expect(calls.useProfiles([profile({ "list.title": [["mark", "[data-testid=renamed] span[title]"]] })])).toBe(true);
    expect(new Reading().report.generation).toBe("next");
    expect(missed()).toEqual(["list.search"]);
    expect(tallies()["list.title:mark"]).toEqual([3, 0]);
    expect(calls.useProfiles([])).toBe(true);
    expect(missed()).toContain("list.title:testid");
  });

  it("do not hide what is dead on a page that none of them is for", () => {
    document.body.innerHTML = page(list(chats) + conversation(rows)).replaceAll("data-testid", "data-other");
    const before = missed();
    expect(before).toEqual(expect.arrayContaining(["list.title:testid", "row.bubble:testid"]));
    calls.useProfiles([profile({ "row.bubble": [["stamp", "div:has(> [data-pre-plain-text])"]] })]);
    expect(new Reading().report.generation).toBe("unknown");
    expect(missed()).toEqual(before.filter((name) => name !== "row.bubble"));
  });

  it("translate the names of icons", () => {
    shown(list([g3Chat({ title: "Ana", y: 0, preview: "oi", tick: "tick-two" })]));
    expect(readList().rows[0]?.ack_icon).toBeUndefined();
    calls.useProfiles([profile({ header: [["id", "header"]] }, { icons: { "tick-two": "wds-ic-read" } })]);
    expect(readList().rows[0]?.ack_icon).toBe("wds-ic-read");
  });
});
