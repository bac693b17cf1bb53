// Text as a person reads it, and the caps that keep one bad value from spoiling a batch.

import { attr, tag, inner as textIn } from "./element";
import { words } from "./profile";

const MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SHORT = 3_900;
const LONG = 69_000;

/** A label or name, capped, without lone surrogates. */
export function short(text: string): string {
  return cap(text, SHORT);
}

/** A body, capped; `cut` tells whether the cap was reached. */
export function long(text: string): { text: string; cut: boolean } {
  const capped = cap(text, LONG);
  return { text: capped, cut: capped.length < text.length };
}

function cap(text: string, limit: number): string {
  return text.slice(0, limit).toWellFormed();
}

/** A name made comparable: no bidi marks, composed, white space folded. */
export function clean(text: string): string {
  return text.replace(MARKS, "").normalize("NFC").replace(/\s+/g, " ").trim();
}

/** Comparable with the label tables. */
export function plain(text: string): string {
  return clean(text).toLowerCase();
}

/** Where a copy template puts the text that it wraps. */
const PLACE = "$" + "{appText}";
const BLOCKS = new Set(["P", "DIV", "LI", "UL", "OL", "BLOCKQUOTE", "PRE"]);
const SILENT = new Set(["SVG", "STYLE", "SCRIPT", "CANVAS", "NOSCRIPT", "TEMPLATE", "VIDEO", "AUDIO"]);

/** What a body says: text, emoji from pictures, line breaks, and the markers that formatting hides. */
export function bodyText(element: Element): string {
  const out: string[] = [];
  walk(element, out, 0);
  return out.join("");
}

function walk(node: Node, out: string[], depth: number): void {
  if (depth > 60) return;
  let broken = false;
  for (const child of node.childNodes) {
    const said: string[] = [];
    if (child.nodeType === Node.TEXT_NODE) said.push(child.nodeValue ?? "");
    else if (child.nodeType === Node.ELEMENT_NODE) element(child as Element, said, depth + 1);
    const text = said.join("");
    if (text === "") continue;
    const block = BLOCKS.has((child as Element).tagName?.toUpperCase());
    // A block begins a line, and so does what follows one.
    if ((block || broken) && out.length > 0 && !endsLine(out) && !text.startsWith("\n")) out.push("\n");
    out.push(text);
    broken = block;
  }
}

function element(node: Element, out: string[], depth: number): void {
  const name = tag(node);
  const role = attr(node, "role");
  if (name === "BR") {
    out.push("\n");
    return;
  }
  if (name === "IMG") {
    out.push(node.getAttribute("data-plain-text") ?? attr(node, "alt"));
    return;
  }
  // A cell inside a line holds badges, not words.
  if (SILENT.has(name) || attr(node, "aria-hidden") === "true" || role === "gridcell") return;
  if (name === "BUTTON" && !node.hasAttribute("data-plain-text")) return;
  if (role === "button" && saysMore(node)) return;
  const template = node.getAttribute("data-app-text-template");
  const inner: string[] = [];
  walk(node, inner, depth);
  const text = inner.join("");
  // `*${appText}*` and the `- ` of a list keep for copying what type hides; a mention's template is an address.
  const mark = attr(node, "data-pre-plain-text");
  if (!mark.startsWith("[")) out.push(mark);
  out.push(template?.includes(PLACE) ? template.replace(PLACE, () => text) : text);
}

/** Whether a button is the one that shows the rest of a text. */
export function saysMore(button: Element): boolean {
  return words.read_more.includes(plain(textIn(button).slice(0, 60)).replace(/^[.…\s]+|[.…]+$/g, ""));
}

function endsLine(out: string[]): boolean {
  return out.findLast((piece) => piece !== "")?.endsWith("\n") ?? true;
}

/** What a person reads in a rich editor: blocks and breaks are lines; a block's last break only holds it open. */
export function editorText(editor: Element): string {
  const blocks = [...editor.children].filter((child) => BLOCKS.has(tag(child)));
  if (blocks.length === 0) return editorLine(editor);
  return blocks.map(editorLine).join("\n");
}

function editorLine(block: Element): string {
  const out: string[] = [];
  walk(block, out, 0);
  const last = [...block.childNodes].findLast(
    ({ nodeType, nodeValue }) => nodeType === Node.ELEMENT_NODE || (nodeType === Node.TEXT_NODE && nodeValue !== ""),
  );
  if (last?.nodeName.toUpperCase() === "BR") out.pop();
  return out.join("");
}

/** Text without icons' titles, on one line. */
export function lineText(element: Element): string {
  return clean(bodyText(element));
}

/** 53 bits of a text; enough to tell whether it changed. */
export function hash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return `${text.length}:${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}
