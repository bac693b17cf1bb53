// A chat's own picture: which image is one, what stands for it, and when all of it can be seen.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { calls } from "../src/calls";
import { list as read } from "../src/list";
import { g3Chat, list, page } from "./markup";

const HOME = "https://media.example/v/t61/1_n.jpg?oh=a&oe=b";

/** An image that takes so much room. */
function image(src: string, size = 49, rest = ""): string {
  return `<img alt="" draggable="false" src="${src}" width="${size}" ${rest}>`;
}

/** Where the rows stand in the view, of which each picture is at the left end, 13 below the row's top. */
let tops: Record<string, number> = {};
let loaded = true;

function box(element: Element): DOMRect {
  const row = element.closest("[role=row]");
  if (!row) return new DOMRect(0, 100, 400, 300);
  const top = tops[row.querySelector("[dir=auto][title]")?.getAttribute("title") ?? ""] ?? 0;
  const size = Number(element.getAttribute("width"));
  return element.tagName === "IMG" ? new DOMRect(15, top + 13, size, size) : new DOMRect(0, top, 400, 76);
}

beforeEach(() => {
  tops = { Ana: 100, Bia: 176 };
  loaded = true;
  vi.restoreAllMocks();
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    return box(this);
  });
  vi.spyOn(HTMLImageElement.prototype, "complete", "get").mockImplementation(() => loaded);
  vi.spyOn(HTMLImageElement.prototype, "naturalWidth", "get").mockImplementation(() => (loaded ? 96 : 0));
  vi.spyOn(document, "elementFromPoint").mockImplementation((x, y) => {
    const rows = [...document.querySelectorAll("#pane-side [role=row]")];
    const within = (rect: DOMRect) => x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
    return rows.find((row) => within(box(row))) ?? null;
  });
});

function show(...rows: string[]): void {
  document.body.innerHTML = page(list(rows));
}

const tokens = () => read().rows.map((row) => row.picture);

describe("a chat's own picture", () => {
  it("is told by what stands for its address, which is told nowhere", () => {
    show(
      g3Chat({ title: "Ana", y: 0, picture: image(HOME) }),
      g3Chat({ title: "Bia", y: 76, picture: image(HOME) }),
      g3Chat({ title: "Caio", y: 152, picture: image(`${HOME}c`) }),
    );
    const [ana, bia, caio] = tokens();
    expect(ana).toMatch(/^[0-9a-z:]{8,24}$/);
    expect(bia).toBe(ana);
    expect(caio).not.toBe(ana);
    expect(JSON.stringify(read())).not.toContain("media.example");
  });

  it("is neither the default icon nor an emoji nor anything in the name or the preview", () => {
    show(
      g3Chat({ title: "Ana", y: 0 }),
      g3Chat({ title: "Bia", y: 76, picture: image(HOME, 49, 'data-plain-text="🍕"') }),
      g3Chat({ title: "Caio", y: 152, picture: image(HOME, 20) }),
      g3Chat({ title: "Davi", y: 228, preview: image(HOME), author: image(HOME) }),
    );
    expect(tokens()).toEqual([undefined, undefined, undefined, undefined]);
    expect(read().rows[0]?.avatar).toBe("contact");
  });

  it("is where it is drawn, for the one row that is meant", () => {
    show(g3Chat({ title: "Ana", y: 0 }), g3Chat({ title: "Bia", y: 76, picture: image(HOME) }));
    expect(calls.picture({ title: "Bia" })).toEqual({
      present: true,
      x: 15,
      y: 189,
      width: 49,
      height: 49,
      token: read().rows[1]?.picture,
    });
    expect(calls.picture({ title: "Ana" }).present).toBe(false);
    expect(calls.picture({ title: "Nobody" }).present).toBe(false);
  });

  it("is not there while two rows have the name, or before it is loaded", () => {
    show(g3Chat({ title: "Bia", y: 0, picture: image(HOME) }), g3Chat({ title: "Bia", y: 76, picture: image(HOME) }));
    expect(calls.picture({ title: "Bia" }).present).toBe(false);
    show(g3Chat({ title: "Bia", y: 76, picture: image(HOME) }));
    expect(calls.picture({ title: "Bia" }).present).toBe(true);
    loaded = false;
    expect(calls.picture({ title: "Bia" }).present).toBe(false);
  });

  it("is not there while a part of it is out of view or covered", () => {
    show(g3Chat({ title: "Bia", y: 76, picture: image(HOME) }));
    tops = { Bia: 80 };
    expect(calls.picture({ title: "Bia" }).present).toBe(false);
    tops = { Bia: 345 };
    expect(calls.picture({ title: "Bia" }).present).toBe(false);
    tops = { Bia: 200 };
    expect(calls.picture({ title: "Bia" }).present).toBe(true);
    const cover = document.createElement("div");
    vi.mocked(document.elementFromPoint).mockImplementation((_, y) =>
      y > 240 ? cover : document.querySelector("img"),
    );
    expect(calls.picture({ title: "Bia" }).present).toBe(false);
  });
});
