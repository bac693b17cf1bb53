// One message row: every signal as it is drawn; nothing is decided here.

import type { Reading } from "./anchors";
import { colours, icon, iconText } from "./icons";
import { type Kind, kindOf, mediaOf } from "./kind";
import { type Accept, CLOCK, type Leaf, leaves } from "./leaves";
import { type Addresses, addressesOf } from "./media";
import { rightToLeft } from "./page";
import { words } from "./profile";
import type { Row } from "./schema";
import { bodyText, clean, lineText, long, plain, saysMore, short } from "./text";

/** Parts of a bubble with words that are not its body. */
const NO_BODY =
  "[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble], [data-testid=vcard-msg], [data-testid^=poll-option]";

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
  const virtual = row.matches("[data-virtualized]") ? row : row.querySelector("[data-virtualized]");
  const filled = clean(row.textContent ?? "") !== "" || row.querySelector("img, canvas, svg") !== null;
  if (virtual?.getAttribute("data-virtualized") === "true") return filled;
  return (
    filled ||
    reading.has("row.bubble", row) ||
    reading.has("row.notice", row) ||
    row.closest(".message-in, .message-out") !== null
  );
}

/** The wrapper of a row, where what hangs outside the bubble may be, as long as it holds one message only. */
function hostOf(row: Element): Element {
  const host = row.closest("[role=row]");
  return host !== null && [...host.querySelectorAll("[data-id]")].every((found) => row.contains(found)) ? host : row;
}

/** The bubble of a row by its marks. */
export function bubbleOf(reading: Reading, row: Element): Element | null {
  return reading.one("row.bubble", row) ?? row.closest(".message-in, .message-out");
}

/** Takes a row apart. */
export function partsOf(reading: Reading, row: Element): Parts {
  const bubble = bubbleOf(reading, row) ?? row;
  const quoted = quotedOf(reading, bubble);
  const outside = (element: Element) => quoted === null || !quoted.contains(element);
  const pre = preOf(row, outside);
  const body = bodyOf(reading, bubble, pre, outside);
  const free = (element: Element) => outside(element) && body?.contains(element) !== true;
  const meta = reading.one("row.meta", bubble, free);
  return { reading, row, bubble, pre, body, meta, free, outside };
}

/** What is written in a bubble besides its body, what of that is its own, and the kind that follows. */
function written(parts: Parts): { all: Leaf[]; drawn: Leaf[]; author: Element | null; kind: Kind } {
  const { reading, bubble, free } = parts;
  const author = reading.one("row.author", bubble, free);
  const all = leaves(bubble, (element) => free(element) && author?.contains(element) !== true);
  const drawn = all.filter((leaf) => !words.forwarded.includes(plain(leaf.text)));
  return {
    all,
    drawn,
    author,
    kind: kindOf(parts, parts.body === null ? loneEmoji(parts) : bodyText(parts.body), drawn),
  };
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
  const body = parts.body ?? (kind === "none" && pre !== null ? looseBody(reading, pre, outside) : null);
  const lone = kind === "none" ? loneEmoji(parts) : "";
  const text = long(body === null ? lone : bodyText(body));
  const said = kind === "poll" && text.text === "" ? question(drawn) : text.text;
  const facts = mediaOf(parts, kind, drawn);
  const line = metaOf(parts, facts.clock);
  const ack = icon(parts.meta ?? bubble, "ack", free);
  const tail = tailOf(host, outside);
  const label = authorLabel(host, free);
  tallyMessage(parts, kind, facts.clock, tail, label);
  if (pre === null && kind === "none") reading.missing("row.pre");
  if (said === "" && kind === "none") reading.missing("row.text");
  const labelled = ack?.element.closest("[aria-label]");
  return {
    row: "message",
    id,
    drawn: true,
    text: ["deleted", "undecrypted", "view_once", "call"].includes(kind) ? "" : said,
    cut: text.cut || readMore(bubble, outside) || undefined,
    kind,
    class: classOf(row),
    tail,
    status: ack !== undefined || undefined,
    author_label: label,
    author: author === null ? undefined : short(lineText(author)) || undefined,
    pre: pre === null ? undefined : short(pre.getAttribute("data-pre-plain-text") ?? ""),
    side: sideOf(bubble, pre, paneBox),
    clock: facts.clock?.text,
    ack_label: labelled && host.contains(labelled) ? short(labelled.getAttribute("aria-label") ?? "") : undefined,
    ack_icon: ack === undefined ? undefined : iconText(ack, "ack"),
    ack_colours: ack === undefined ? undefined : colours(ack.element),
    failed: icon(host, "failed", free) !== undefined || undefined,
    quoted: quoted === null ? undefined : quoteOf(reading, quoted),
    meta: line === null ? undefined : textsOf(line, free, facts.clock),
    meta_labels: line === null ? undefined : labelsOf(line),
    starred: marked(line, "starred"),
    pinned: marked(line, "pinned"),
    forwarded:
      reading.one("row.forwarded", bubble, free) !== null ||
      icon(bubble, "forwarded", free) !== undefined ||
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
  tail: string | undefined,
  label: string | undefined,
): void {
  const written = kind === "none" && (pre !== null || body !== null);
  if (pre !== null) {
    reading.must("row.bubble", row.closest(".message-in, .message-out")?.parentElement ?? row);
    reading.tally("row.tail", tail !== undefined);
    reading.tally("row.label", label !== undefined);
  }
  if (clock !== undefined && pre !== null && reading.expects("row.meta")) reading.must("row.meta", bubble, free);
  if (written) reading.tally("row.pre", pre !== null);
  if (written && pre !== null && loneEmoji({ bubble, outside }) === "") reading.must("row.body", bubble, outside);
}

function quotedOf(reading: Reading, bubble: Element): Element | null {
  return (
    reading.one("row.quoted", bubble) ??
    [...bubble.querySelectorAll("[aria-label]")].find((element) =>
      words.quoted.includes(plain(element.getAttribute("aria-label") ?? "")),
    ) ??
    reading.one("row.quoted_loose", bubble)
  );
}

/** The copy marks of formatted text use the same attribute; only the stamp begins with a bracket. */
function preOf(row: Element, outside: Accept): Element | null {
  const found = [...row.querySelectorAll("[data-pre-plain-text]")];
  const around = row.closest("[data-pre-plain-text]");
  if (around !== null) found.unshift(around);
  return (
    found.find(
      (element) =>
        element.getAttribute("data-pre-plain-text")?.trimStart().startsWith("[") === true && outside(element),
    ) ?? null
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
    card?.contains(element) !== true &&
    element.closest(NO_BODY) === null;
  return (pre === null ? null : reading.one("row.body", pre, accept)) ?? reading.one("row.body", bubble, accept);
}

/** Where both the name and the class of bodies are missing: the first span with a direction that is no clock. */
function looseBody(reading: Reading, pre: Element, outside: Accept): Element | null {
  return reading.one(
    "row.body_loose",
    pre,
    (element) =>
      outside(element) &&
      !element.hasAttribute("title") &&
      element.closest(NO_BODY) === null &&
      !pre.getAttribute("data-pre-plain-text")?.trimEnd().endsWith(`] ${element.textContent}:`) &&
      !CLOCK.test(clean(element.textContent ?? "").slice(0, 20)),
  );
}

/** Emoji-only messages can lack a body element. */
function loneEmoji({ bubble, outside }: Pick<Parts, "bubble" | "outside">): string {
  const images = [...bubble.querySelectorAll("img[data-plain-text], img.emoji[alt]")].filter(
    (image) => outside(image) && image.closest("[data-testid=reaction-bubble], button") === null,
  );
  return images.map((image) => image.getAttribute("data-plain-text") ?? image.getAttribute("alt") ?? "").join("");
}

/** What a poll asks, where it is no body. */
function question(drawn: Leaf[]): string {
  const asked = drawn.find(({ element }) => element.closest("[data-testid^=poll-option], button") === null);
  return asked === undefined ? "" : bodyText(asked.element);
}

/** The line with the clock: by its name, else what holds the clock. */
function metaOf({ bubble, body, meta }: Parts, clock: Leaf | undefined): Element | null {
  if (meta !== null || clock === undefined) return meta;
  let line = clock.element.parentElement;
  if (line?.childElementCount === 1 && line !== bubble) line = line.parentElement;
  return line === null || line === bubble || (body !== null && line.contains(body)) ? clock.element : line;
}

function textsOf(line: Element, free: Accept, clock: Leaf | undefined): string[] {
  const texts = leaves(line, free).map((leaf) => leaf.text);
  return texts.filter((text) => text !== clock?.text).slice(0, 8);
}

function marked(line: Element | null, set: string): true | undefined {
  return line !== null && icon(line, set) !== undefined ? true : undefined;
}

function labelsOf(line: Element): string[] | undefined {
  const labels = [...line.querySelectorAll("[aria-label]")].map((element) => element.getAttribute("aria-label") ?? "");
  return labels.length === 0 ? undefined : labels.slice(0, 8).map(short);
}

function classOf(row: Element): string | undefined {
  const marked = row.closest(".message-in, .message-out") ?? row.querySelector(".message-in, .message-out");
  if (marked === null) return undefined;
  return marked.classList.contains("message-out") ? "out" : "in";
}

function tailOf(host: Element, outside: Accept): string | undefined {
  if (icon(host, "tail_out", outside) !== undefined) return "out";
  return icon(host, "tail_in", outside) === undefined ? undefined : "in";
}

/** `You:` or `<name>:` for screen readers. */
function authorLabel(host: Element, free: Accept): string | undefined {
  for (const span of host.querySelectorAll("span[aria-label]")) {
    const label = span.getAttribute("aria-label")?.trim() ?? "";
    if (/[:：]$/.test(label) && free(span)) return short(label);
  }
  return undefined;
}

/** The half of the pane that the bubble's centre lies in; nothing for what is as wide as the pane or flows as text. */
function sideOf(bubble: Element, pre: Element | null, pane: DOMRect): string | undefined {
  if (pane.width <= 0) return undefined;
  for (const element of [bubble, pre, bubble.firstElementChild]) {
    if (!element || getComputedStyle(element).display === "inline") continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 0 || box.width > pane.width * 0.9) continue;
    const shift = (box.left + box.width / 2 - (pane.left + pane.width / 2)) / pane.width;
    if (Math.abs(shift) < 0.03) continue;
    return shift > 0 !== rightToLeft() ? "end" : "start";
  }
  return undefined;
}

function readMore(bubble: Element, outside: Accept): boolean {
  return [...bubble.querySelectorAll("button, [role=button]")].some((button) => outside(button) && saysMore(button));
}

/** Author and text as drawn; a quoted picture or voice note has words of its own instead of a body. */
function quoteOf(reading: Reading, quoted: Element): { sender?: string | undefined; text: string } {
  const mention = quoted.matches(".quoted-mention") ? quoted : quoted.querySelector(".quoted-mention");
  const apart = (element: Element) =>
    mention === null || (element !== mention && !mention.contains(element) && !element.contains(mention));
  const author = reading.one("row.author", quoted, apart) ?? reading.one("quoted.author", quoted, apart);
  const sender = author === null ? "" : lineText(author);
  const rest = (element: Element) => author === null || (!author.contains(element) && !element.contains(author));
  const body = mention ?? reading.one("row.body", quoted, rest);
  const words = body === null ? leaves(quoted, rest).map((leaf) => leaf.text) : [];
  return {
    sender: sender === "" ? undefined : short(sender),
    text: long(body === null ? words.join(" ") : bodyText(body)).text,
  };
}

/** Reactions hang outside the bubble's container; the labels tell them from the hover button "React". */
function reactionsOf(reading: Reading, host: Element, free: Accept): string[] | undefined {
  const buttons = reading.all(
    "row.reactions",
    host,
    (button) => free(button) && button.closest("[data-testid=msg-container]") === null,
  );
  const labels = buttons
    .map((button) => short(button.getAttribute("aria-label") ?? ""))
    .filter((label) => label !== "");
  return labels.length === 0 ? undefined : labels.slice(0, 20);
}
