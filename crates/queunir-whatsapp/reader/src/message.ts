// One message row: every signal as it is drawn; nothing is decided here.

import type { Reading } from "./anchors";
import { type Accept, area, around, attr, every, first, holds, inner, MARKED, maybe, PRESSED } from "./element";
import { colours, hasIcon, icon, iconText } from "./icons";
import { type Kind, kindOf, mediaOf } from "./kind";
import { CLOCK, type Leaf, leaves } from "./leaves";
import { type Addresses, addressesOf } from "./media";
import { rightToLeft } from "./page";
import { words } from "./profile";
import type { Row } from "./schema";
import { bodyText, clean, lineText, long, plain, saysMore, short } from "./text";

/** Parts of a bubble with words that are not its body. */
const NO_BODY =
  "[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]";

const STAMPED = "[data-pre-plain-text]";

/** What of a row is looked at more than once. */
export interface Parts {
  reading: Reading;
  row: Element;
  bubble: Element;
  pre: Element | null;
  body: Element | null;
  meta: Element | null;
  /** Neither quoted nor body. */
  free: Accept;
  /** Not quoted. */
  outside: Accept;
}

/** Whether the row's content is in the document; far rows keep their id and lose everything else. */
export function isDrawn(reading: Reading, row: Element): boolean {
  const virtual = row.matches("[data-virtualized]") ? row : first(row, "[data-virtualized]");
  if (clean(inner(row)) !== "" || first(row, "img, canvas, svg")) return true;
  if (attr(virtual, "data-virtualized") === "true") return false;
  return bubbleOf(reading, row) !== null || reading.has("row.notice", row);
}

/** The wrapper of a row, where what hangs outside the bubble may be, as long as it holds one message only. */
function hostOf(row: Element): Element {
  const host = around(row, "[role=row]");
  return host && every(host, "[data-id]").every((found) => holds(row, found)) ? host : row;
}

/** The bubble of a row by its marks. */
export function bubbleOf(reading: Reading, row: Element): Element | null {
  return reading.one("row.bubble", row) ?? around(row, MARKED);
}

/** Takes a row apart. */
export function partsOf(reading: Reading, row: Element): Parts {
  const bubble = bubbleOf(reading, row) ?? row;
  const quoted = quotedOf(reading, bubble);
  const outside = (element: Element) => !holds(quoted, element);
  const pre = preOf(row, outside);
  const body = bodyOf(reading, bubble, pre, outside);
  const free = (element: Element) => outside(element) && !holds(body, element);
  const meta = reading.one("row.meta", bubble, free);
  return { reading, row, bubble, pre, body, meta, free, outside };
}

/** What is written in a bubble besides its body, what of that is its own, and the kind that follows. */
function written(parts: Parts): { all: Leaf[]; drawn: Leaf[]; author: Element | null; kind: Kind } {
  const { reading, bubble, free } = parts;
  const author = reading.one("row.author", bubble, free);
  const all = leaves(bubble, (element) => free(element) && !holds(author, element));
  const drawn = all.filter((leaf) => !words.forwarded.includes(plain(leaf.text)));
  return { all, drawn, author, kind: kindOf(parts, maybe(parts.body, bodyText) ?? loneEmoji(parts), drawn) };
}

/** The addresses of one file of a drawn message. */
export function mediaAt(reading: Reading, row: Element, place: number): Addresses {
  const parts = partsOf(reading, row);
  return addressesOf(parts, written(parts).kind, place);
}

/** Reads one drawn message. */
export function message(parts: Parts, id: string, paneBox: DOMRect): Row {
  const { reading, row, bubble, pre, free, outside } = parts;
  const host = hostOf(row);
  const quoted = quotedOf(reading, bubble);
  const { all, drawn, author, kind } = written(parts);
  const body = parts.body ?? (kind === "none" && pre ? looseBody(reading, pre, outside) : null);
  const text = long(maybe(body, bodyText) ?? (kind === "none" ? loneEmoji(parts) : ""));
  const said = kind === "poll" && text.text === "" ? question(drawn) : text.text;
  const facts = mediaOf(parts, kind, drawn);
  const line = metaOf(parts, facts.clock);
  const ack = icon(parts.meta ?? bubble, "ack", free);
  const tail = tailOf(host, outside);
  const label = authorLabel(host, free);
  tallyMessage(parts, kind, facts.clock);
  if (!pre && kind === "none") reading.missing("row.pre");
  if (said === "" && kind === "none") reading.missing("row.text");
  const labelled = ack && around(ack.element, "[aria-label]");
  return {
    row: "message",
    id,
    drawn: true,
    text: ["deleted", "undecrypted", "view_once", "call"].includes(kind) ? "" : said,
    cut: text.cut || readMore(parts) !== undefined || undefined,
    kind,
    class: classOf(row),
    tail,
    status: ack && true,
    author_label: label,
    author: maybe(author, (found) => short(lineText(found))) || undefined,
    pre: maybe(pre, (found) => short(attr(found, "data-pre-plain-text"))),
    side: sideOf(bubble, pre, paneBox),
    clock: facts.clock?.text,
    ack_label: labelled && holds(host, labelled) ? short(attr(labelled, "aria-label")) : undefined,
    ack_icon: ack && iconText(ack, "ack"),
    ack_colours: ack && colours(ack.element),
    failed: hasIcon(host, "failed", free) || reading.has("row.refused", host) || undefined,
    quoted: maybe(quoted, (found) => quoteOf(reading, found)),
    meta: maybe(line, (found) => textsOf(found, free, facts.clock)),
    meta_labels: maybe(line, labelsOf),
    starred: marked(line, "starred"),
    pinned: marked(line, "pinned"),
    forwarded:
      reading.one("row.forwarded", bubble, free) !== null ||
      hasIcon(bubble, "forwarded", free) ||
      all.length > drawn.length ||
      undefined,
    reactions: reactionsOf(reading, host, free),
    media: facts.media,
  };
}

/** Counts what belongs to every message, as far as something else shows that this is one. */
function tallyMessage(
  { reading, row, bubble, pre, body, free, outside }: Parts,
  kind: string,
  clock: Leaf | undefined,
): void {
  const written = kind === "none" && (pre || body);
  if (pre) reading.must("row.bubble", around(row, MARKED)?.parentElement ?? row);
  if (clock && pre && reading.expects("row.meta")) reading.must("row.meta", bubble, free);
  if (written) reading.tally("row.pre", pre !== null);
  if (written && pre && loneEmoji({ bubble, outside }) === "") reading.must("row.body", bubble, outside);
}

/** The first quote in a bubble, or in another part of the page. */
export function quotedOf(reading: Reading, scope: Element | null, accept: Accept = () => true): Element | null {
  const labelled = (element: Element) => accept(element) && words.quoted.includes(plain(attr(element, "aria-label")));
  return (
    reading.one("row.quoted", scope, accept) ??
    (scope && every(scope, "[aria-label]").find(labelled)) ??
    reading.one("row.quoted_loose", scope, accept)
  );
}

/** The copy marks of formatted text use the same attribute; only the stamp begins with a bracket. */
function preOf(row: Element, outside: Accept): Element | null {
  const found = [around(row, STAMPED), ...every(row, STAMPED)];
  return (
    found.find((element) => element && /^\s*\[/.test(attr(element, "data-pre-plain-text")) && outside(element)) ?? null
  );
}

/** The topmost body that is neither quoted nor of a card. */
function bodyOf(reading: Reading, bubble: Element, pre: Element | null, outside: Accept): Element | null {
  const card = reading.one("row.preview_card", bubble);
  const accept = (element: Element) =>
    outside(element) &&
    element !== pre &&
    !element.hasAttribute("data-pre-plain-text") &&
    !element.hasAttribute("title") &&
    !holds(card, element) &&
    !around(element, NO_BODY);
  return reading.one("row.body", pre, accept) ?? reading.one("row.body", bubble, accept);
}

/** Where both the name and the class of bodies are missing: the first span with a direction that is no clock. */
function looseBody(reading: Reading, pre: Element, outside: Accept): Element | null {
  return reading.one(
    "row.body_loose",
    pre,
    (element) =>
      outside(element) &&
      !element.hasAttribute("title") &&
      !around(element, NO_BODY) &&
      !attr(pre, "data-pre-plain-text").trimEnd().endsWith(`] ${element.textContent}:`) &&
      !CLOCK.test(clean(inner(element)).slice(0, 20)),
  );
}

/** Emoji-only messages can lack a body element. */
function loneEmoji({ bubble, outside }: Pick<Parts, "bubble" | "outside">): string {
  const images = every(bubble, "img[data-plain-text], img.emoji[alt]").filter(
    (image) => outside(image) && !around(image, "[data-testid=reaction-bubble], button"),
  );
  return images.map((image) => image.getAttribute("data-plain-text") ?? attr(image, "alt")).join("");
}

/** What a poll asks, where it is no body. */
function question(drawn: Leaf[]): string {
  const asked = drawn.find(({ element }) => !around(element, "[data-testid^=poll-option], button"));
  return asked ? bodyText(asked.element) : "";
}

/** The line with the clock: by its name, else what holds the clock. */
function metaOf({ bubble, body, meta }: Parts, clock: Leaf | undefined): Element | null {
  if (meta || !clock) return meta;
  let line = clock.element.parentElement;
  if (line?.childElementCount === 1 && line !== bubble) line = line.parentElement;
  return !line || line === bubble || (body && holds(line, body)) ? clock.element : line;
}

function textsOf(line: Element, free: Accept, clock: Leaf | undefined): string[] {
  const texts = leaves(line, free).map((leaf) => leaf.text);
  return texts.filter((text) => text !== clock?.text).slice(0, 8);
}

function marked(line: Element | null, set: string): boolean | undefined {
  return (line && hasIcon(line, set)) || undefined;
}

function labelsOf(line: Element): string[] | undefined {
  const labels = every(line, "[aria-label]").map((element) => attr(element, "aria-label"));
  return labels.length === 0 ? undefined : labels.slice(0, 8).map(short);
}

function classOf(row: Element): string | undefined {
  const marked = around(row, MARKED) ?? first(row, MARKED);
  return maybe(marked, ({ classList }) => (classList.contains("message-out") ? "out" : "in"));
}

function tailOf(host: Element, outside: Accept): string | undefined {
  return ["out", "in"].find((way) => hasIcon(host, `tail_${way}`, outside));
}

/** `You:` or `<name>:` for screen readers. */
function authorLabel(host: Element, free: Accept): string | undefined {
  const said = every(host, "span[aria-label]").find((span) => /[:：]\s*$/.test(attr(span, "aria-label")) && free(span));
  return maybe(said, (span) => short(attr(span, "aria-label").trim()));
}

/** The half of the pane that the bubble's centre lies in; nothing for what is as wide as the pane or flows as text. */
function sideOf(bubble: Element, pre: Element | null, pane: DOMRect): string | undefined {
  if (pane.width <= 0) return undefined;
  for (const element of [bubble, pre, bubble.firstElementChild]) {
    if (!element || getComputedStyle(element).display === "inline") continue;
    const box = area(element);
    if (box.width <= 0 || box.width > pane.width * 0.9) continue;
    const shift = (box.left + box.width / 2 - (pane.left + pane.width / 2)) / pane.width;
    if (Math.abs(shift) < 0.03) continue;
    return shift > 0 !== rightToLeft() ? "end" : "start";
  }
  return undefined;
}

/** The button that shows the rest of a text. */
export function readMore({ bubble, outside }: Parts): Element | undefined {
  return every(bubble, PRESSED).find((button) => outside(button) && saysMore(button));
}

/** Author and text as drawn; a quoted picture or voice note has words of its own instead of a body. */
export function quoteOf(reading: Reading, quoted: Element): { sender?: string | undefined; text: string } {
  const mention = quoted.matches(".quoted-mention") ? quoted : first(quoted, ".quoted-mention");
  const apartFrom = (other: Element | null) => (element: Element) =>
    !other || !(holds(other, element) || holds(element, other));
  const author =
    reading.one("row.author", quoted, apartFrom(mention)) ?? reading.one("quoted.author", quoted, apartFrom(mention));
  const rest = apartFrom(author);
  const body = mention ?? reading.one("row.body", quoted, rest);
  const drawn = () =>
    leaves(quoted, rest)
      .map((leaf) => leaf.text)
      .join(" ");
  return {
    sender: short(maybe(author, lineText) ?? "") || undefined,
    text: long(maybe(body, bodyText) ?? drawn()).text,
  };
}

/** Reactions hang outside the bubble's container; the labels tell them from the hover button "React". */
function reactionsOf(reading: Reading, host: Element, free: Accept): string[] | undefined {
  const buttons = reading.all(
    "row.reactions",
    host,
    (button) => free(button) && !around(button, "[data-testid=msg-container]"),
  );
  const labels = buttons.map((button) => short(attr(button, "aria-label"))).filter((label) => label !== "");
  return labels.length === 0 ? undefined : labels.slice(0, 20);
}
