// What can be pressed around one message: its row, its menu, its tray, and the dialog that covers the page.

import { Reading } from "./anchors";
import { messagesBox, pieces, sameKey } from "./conversation";
import { area, around, attr, every, first, holds, PRESSED, scroller } from "./element";
import { icons } from "./icons";
import { bubbleOf, isDrawn } from "./message";
import { active } from "./page";
import { centre } from "./schema";
import { bodyText, editorText, lineText, short } from "./text";

const FIELD = "input:not([type=radio]), [contenteditable=true]";
const ALL = `${PRESSED}, [role=menuitem], [role=checkbox], [role=radio], [type=radio], ${FIELD}, [aria-live]`;

function rowOf(box: Element | null, key: string): Element | undefined {
  return pieces(box).find(({ id }) => id && sameKey(id, key))?.element;
}

/** A message's row: whether it is drawn, and a point of its bubble that is in view. With `show` it is brought there. */
function messageRow({ key, show }: { key: string; show?: boolean }) {
  const reading = new Reading();
  const box = messagesBox(reading);
  const row = rowOf(box, key);
  if (box === null || row === undefined) return { found: false };
  const view = area(box);
  // Of a long one the top, because its buttons are there.
  if (show) box.scrollTop += area(row).top - view.top - Math.max(90, (view.height - area(row).height) / 2);
  const drawn = isDrawn(reading, row);
  const bubble = area((drawn && bubbleOf(reading, row)) || row);
  const top = Math.max(bubble.top, view.top);
  const bottom = Math.min(bubble.bottom, view.bottom);
  const seen = bottom - top >= Math.min(bubble.height, 40) && bubble.top >= view.top + 20;
  return { found: true, drawn, seen, x: bubble.left + bubble.width / 2, y: Math.min((top + bottom) / 2, top + 60) };
}

/** A message's row with what hangs outside its bubble. */
export function messageHost(reading: Reading, key: string): Element | undefined {
  const row = rowOf(messagesBox(reading), key);
  return row && (around(row, "[role=row]") ?? row);
}

function controlOf(element: Element) {
  const isField = element.matches(FIELD);
  const ids = [element, ...every(element, "[data-testid]")].map((one) => attr(one, "data-testid"));
  const names = [...ids, ...icons(element).flatMap((found) => found.names)].filter((name) => name !== "");
  const state = ["aria-pressed", "aria-checked", "aria-expanded"].map((name) => attr(element, name)).find(Boolean);
  const { checked, value } = element as HTMLInputElement;
  return {
    ...centre(element),
    role: attr(element, "role") || element.localName,
    label: short(attr(element, "aria-label") || attr(first(element, "[title]"), "title") || lineText(element)),
    names: [...new Set(names)].slice(0, 12).map((name) => name.slice(0, 80)),
    on: element.matches("[type=radio]") ? checked : state && state === "true",
    off: element.matches(":disabled, [aria-disabled=true]"),
    text: isField ? short(value ?? editorText(element)) : undefined,
    focused: isField && holds(element, active()),
    live: element.hasAttribute("aria-live"),
  };
}

/** What can be pressed or read in a part of the page, in its order. */
function controls({ field, key = "" }: { field: string; key?: string }) {
  const reading = new Reading();
  const scope = field === "row" ? messageHost(reading, key) : reading.all(field).at(-1);
  const found = scope === undefined ? [] : every(scope, ALL);
  return {
    present: scope !== undefined,
    text: scope === undefined || field === "row" ? "" : short(lineText(scope).slice(0, 300)),
    controls: found.slice(0, 120).map(controlOf),
  };
}

/** Where one part of the page can be pressed. */
function point({ field }: { field: string }) {
  return centre(new Reading().one(field));
}

interface Said {
  text: string;
  names: string[];
}

/** What an element says, part by part, each with the names of what holds it, nearest first: test ids, and `#n:top` for an
 * item of a list, with its place on the screen. What is a button is no text. */
function say(element: Element, above: string[], out: Said[]): Said[] {
  if (element.matches("svg, button, [aria-hidden=true]") || out.length > 900) return out;
  const item = element.matches("[role=listitem]");
  const name = item ? `#${out.length}:${Math.round(area(element).top)}` : attr(element, "data-testid");
  const names = name ? [name, ...above] : above;
  const own = (node: Node) => node.nodeName === "IMG" || (node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
  const text = [...element.childNodes].some(own) && bodyText(element).trim();
  if (text) out.push({ text: short(text), names });
  else for (const child of element.children) say(child, names, out);
  return out;
}

/** The texts of a part of the page. */
function texts({ field }: { field: string }) {
  const scope = new Reading().all(field).at(-1);
  return { present: scope !== undefined, texts: scope ? say(scope, [], []) : [] };
}

/** What the items of a part of the page scroll in. */
export function itemsBox(field: string): Element | null {
  return scroller(first(new Reading().all(field).at(-1), "[role=listitem]"));
}

export const acts = { messageRow, controls, point, texts };
