// One message row: every signal as it is drawn; nothing is decided here.

import type { Reading } from "./anchors";
import { colours, type Icon, icon, iconText } from "./icons";
import { rightToLeft } from "./page";
import { mentions, words } from "./profile";
import type { Row } from "./schema";
import { bodyText, clean, lineText, long, plain, short } from "./text";

/** Kinds in the order in which their marks are believed. */
const KINDS = [
  "poll",
  "location",
  "contact",
  "album",
  "sticker",
  "gif",
  "video",
  "voice",
  "audio",
  "document",
  "image",
  "call",
];
const CLOCK = /\d{1,2}[:.]\d{2}/;
const DURATION = /^\d{1,3}:\d{2}(:\d{2})?$/;

/** Whether the row's content is in the document; far rows keep their id and lose everything else. */
export function isDrawn(reading: Reading, row: Element): boolean {
  const virtual = row.matches("[data-virtualized]") ? row : row.querySelector("[data-virtualized]");
  if (virtual?.getAttribute("data-virtualized") === "true") return false;
  if (
    reading.has("row.bubble", row) ||
    reading.has("row.notice", row) ||
    row.closest(".message-in, .message-out") !== null
  )
    return true;
  return clean(row.textContent ?? "") !== "" || row.querySelector("img, canvas, svg") !== null;
}

/** Reads one drawn message. */
export function message(reading: Reading, row: Element, id: string, paneBox: DOMRect): Row {
  const bubble = reading.one("row.bubble", row) ?? row.closest(".message-in, .message-out") ?? row;
  const quoted = reading.one("row.quoted", bubble);
  const outside = (element: Element) => quoted === null || !quoted.contains(element);
  const pre = preOf(bubble, outside);
  const body = bodyOf(reading, bubble, pre, outside);
  const inBody = (element: Element) => body?.contains(element) === true;
  const meta = reading.one("row.meta", bubble, (element) => outside(element) && !inBody(element));
  const ack = icon(meta ?? bubble, "ack", (element) => outside(element) && !inBody(element));
  const text = long(body === null ? loneEmoji(bubble, outside) : bodyText(body));
  const kind = kindOf(reading, bubble, outside, inBody, text.text);
  const metaTexts = leaves(meta ?? bubble, (element) => outside(element) && !inBody(element));
  if (pre === null && kind === "none") reading.missing("row.pre");
  if (text.text === "" && kind === "none") reading.missing("row.text");
  const label = ackLabel(meta, ack);
  return {
    row: "message",
    id,
    drawn: true,
    text: kind === "deleted" || kind === "undecrypted" ? "" : text.text,
    cut: text.cut || readMore(bubble, outside) || undefined,
    kind,
    class: classOf(row),
    tail: tailOf(row, outside),
    status: ack !== undefined || label !== undefined || undefined,
    author_label: authorLabel(bubble, outside, inBody),
    author: authorOf(reading, bubble, outside, inBody),
    pre: pre === null ? undefined : short(pre.getAttribute("data-pre-plain-text") ?? ""),
    side: sideOf(bubble, pre, paneBox),
    clock: clockOf(metaTexts),
    ack_label: label,
    ack_icon: ack === undefined ? undefined : iconText(ack, "ack"),
    ack_colours: ack === undefined ? undefined : colours(ack.element),
    failed: icon(row, "failed", (element) => outside(element) && !inBody(element)) !== undefined || undefined,
    quoted: quoted === null ? undefined : quoteOf(reading, quoted),
    meta: meta === null ? undefined : metaTexts.filter((found) => !CLOCK.test(found)).slice(0, 8),
    forwarded:
      reading.one("row.forwarded", bubble, outside) !== null ||
      icon(bubble, "forwarded", outside) !== undefined ||
      undefined,
    reactions: reactionsOf(reading, row, bubble),
    media: mediaOf(bubble, kind, metaTexts, outside),
  };
}

type Accept = (element: Element) => boolean;

/** The copy marks of formatted text use the same attribute; only the stamp begins with a bracket. */
function preOf(bubble: Element, outside: Accept): Element | null {
  const found = [...bubble.querySelectorAll("[data-pre-plain-text]")];
  if (bubble.matches("[data-pre-plain-text]")) found.unshift(bubble);
  return (
    found.find(
      (element) =>
        element.getAttribute("data-pre-plain-text")?.trimStart().startsWith("[") === true && outside(element),
    ) ?? null
  );
}

/** The topmost body that is neither quoted nor of a preview card. */
function bodyOf(reading: Reading, bubble: Element, pre: Element | null, outside: Accept): Element | null {
  const card = reading.one("row.preview_card", bubble);
  const accept = (element: Element) =>
    outside(element) &&
    element !== pre &&
    !element.hasAttribute("data-pre-plain-text") &&
    (card === null || !card.contains(element)) &&
    element.closest("[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble]") === null;
  return (pre === null ? null : reading.one("row.body", pre, accept)) ?? reading.one("row.body", bubble, accept);
}

/** Emoji-only messages can lack a body element. */
function loneEmoji(bubble: Element, outside: Accept): string {
  const images = [...bubble.querySelectorAll("img[data-plain-text]")].filter(
    (image) => outside(image) && image.closest("[data-testid=reaction-bubble], button") === null,
  );
  return images.map((image) => image.getAttribute("data-plain-text") ?? "").join("");
}

function kindOf(reading: Reading, bubble: Element, outside: Accept, inBody: Accept, text: string): string {
  const free = (element: Element) => outside(element) && !inBody(element);
  if (icon(bubble, "recalled", free) !== undefined) return "deleted";
  for (const kind of KINDS) {
    if (reading.one(`kind.${kind}`, bubble, free) !== null) return kind;
  }
  if (text !== "") return "none";
  const line = plain(lineText(bubble));
  if (mentions(line, words.undecrypted)) return "undecrypted";
  if (mentions(line, words.viewOnce)) return "view_once";
  if (mentions(line, words.deleted)) return "deleted";
  return "none";
}

function classOf(row: Element): string | undefined {
  const marked = row.matches(".message-in, .message-out")
    ? row
    : (row.querySelector(".message-in, .message-out") ?? row.closest(".message-in, .message-out"));
  if (marked === null) return undefined;
  return marked.classList.contains("message-out") ? "out" : "in";
}

function tailOf(row: Element, outside: Accept): string | undefined {
  if (icon(row, "tail_out", outside) !== undefined) return "out";
  return icon(row, "tail_in", outside) === undefined ? undefined : "in";
}

/** `You:` or `<name>:` for screen readers. */
function authorLabel(bubble: Element, outside: Accept, inBody: Accept): string | undefined {
  for (const span of bubble.querySelectorAll("span[aria-label]")) {
    const label = span.getAttribute("aria-label")?.trim() ?? "";
    if ((label.endsWith(":") || label.endsWith("：")) && outside(span) && !inBody(span)) return short(label);
  }
  return undefined;
}

/** The name drawn above the first bubble of a run in a group. */
function authorOf(reading: Reading, bubble: Element, outside: Accept, inBody: Accept): string | undefined {
  const element = reading.one("row.author", bubble, (found) => outside(found) && !inBody(found));
  const name = element === null ? "" : lineText(element);
  return name === "" ? undefined : short(name);
}

/** The half of the pane that the bubble's centre lies in; nothing for what is as wide as the pane. */
function sideOf(bubble: Element, pre: Element | null, pane: DOMRect): string | undefined {
  if (pane.width <= 0) return undefined;
  for (const element of [bubble, pre, bubble.firstElementChild]) {
    if (!element) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 0 || box.width > pane.width * 0.9) continue;
    const shift = (box.left + box.width / 2 - (pane.left + pane.width / 2)) / pane.width;
    if (Math.abs(shift) < 0.03) continue;
    return shift > 0 !== rightToLeft() ? "end" : "start";
  }
  return undefined;
}

/** Texts of the smallest elements, in order, without repeats. */
function leaves(scope: Element, accept: Accept): string[] {
  const found: string[] = [];
  for (const element of scope.querySelectorAll("span, div")) {
    if (element.childElementCount > 0 || !accept(element)) continue;
    const text = clean(element.textContent ?? "");
    if (text !== "" && text.length < 60 && !found.includes(text)) found.push(text);
    if (found.length >= 24) break;
  }
  const whole = clean(lineText(scope));
  if (found.length === 0 && whole !== "" && whole.length < 60) found.push(whole);
  return found;
}

function clockOf(texts: string[]): string | undefined {
  // The meta line comes last in a bubble; a duration ("0:12") comes before it.
  return texts.filter((text) => CLOCK.test(text) && text.length < 20).at(-1);
}

function ackLabel(meta: Element | null, ack: Icon | undefined): string | undefined {
  const labelled = ack?.element.closest("[aria-label]");
  if (labelled && (meta === null || meta.contains(labelled))) return labelled.getAttribute("aria-label") ?? undefined;
  if (meta === null) return undefined;
  for (const element of meta.querySelectorAll("[aria-label]")) {
    const label = element.getAttribute("aria-label") ?? "";
    if (words.ack.has(plain(label))) return label;
  }
  return undefined;
}

function readMore(bubble: Element, outside: Accept): boolean {
  return [...bubble.querySelectorAll("button, [role=button]")].some(
    (button) => outside(button) && words.readMore.includes(plain(lineTextOfButton(button)).replace(/[.…]+$/, "")),
  );
}

function lineTextOfButton(button: Element): string {
  return button.textContent?.slice(0, 60) ?? "";
}

function quoteOf(reading: Reading, quoted: Element): { sender?: string | undefined; text: string } {
  const author = reading.one("row.author", quoted);
  const mention = quoted.querySelector(".quoted-mention") ?? (quoted.matches(".quoted-mention") ? quoted : null);
  const body = mention ?? reading.one("row.body", quoted, (element) => author === null || !author.contains(element));
  const sender = author === null ? "" : lineText(author);
  return {
    sender: sender === "" ? undefined : short(sender),
    text: long(body === null ? "" : bodyText(body)).text,
  };
}

/** Reactions hang outside the bubble; the hover button "React" has no popup of its own kind. */
function reactionsOf(reading: Reading, row: Element, bubble: Element): string[] | undefined {
  const buttons = reading.all("row.reactions", row, (button) => !bubble.contains(button) || bubble === row);
  const labels = buttons
    .map((button) => short(button.getAttribute("aria-label") ?? ""))
    .filter((label) => label !== "");
  return labels.length === 0 ? undefined : labels.slice(0, 20);
}

function mediaOf(bubble: Element, kind: string, texts: string[], outside: Accept): Row["media"] {
  if (kind === "document") {
    const named = [...bubble.querySelectorAll("span[title]")].find(outside);
    const name = named?.getAttribute("title");
    return name ? { name: short(name) } : undefined;
  }
  if (!["voice", "video", "audio", "gif"].includes(kind)) return undefined;
  const spans = [...bubble.querySelectorAll("span, div")].filter(
    (element) => element.childElementCount === 0 && outside(element),
  );
  const duration = spans
    .map((element) => clean(element.textContent ?? ""))
    .find((text) => DURATION.test(text) && text !== clockOf(texts));
  return duration === undefined ? undefined : { duration };
}
