// The open conversation: header, rows with what stands between them, and where the scroll stands.

import { Reading } from "./anchors";
import { area, attr, every, first, holds, maybe, scroller } from "./element";
import { avatarOf } from "./list";
import { bubbleOf, isDrawn, message, partsOf } from "./message";
import { language, visible } from "./page";
import { mentions, words } from "./profile";
import { bytes, type Conversation, MAX_BYTES, MAX_ROWS, type Row } from "./schema";
import { offline } from "./screen";
import { bodyText, clean, lineText, plain, short } from "./text";

/** A piece of the message list: a message row, or what stands between. */
interface Piece {
  element: Element;
  id?: string;
}

export interface HeaderText {
  present: boolean;
  title: string;
  subtitle?: string | undefined;
}

/** The pane of the open chat. */
export function mainPane(reading: Reading): Element | null {
  return reading.one("main");
}

function headerElement(reading: Reading): Element | null {
  return reading.must("header", mainPane(reading));
}

/** Title and second line, inside the main pane only: drawers have headers too. */
export function header(reading: Reading = new Reading()): HeaderText {
  const element = headerElement(reading);
  if (!element) return { present: false, title: "" };
  const titled = reading.must("header.title", element, (found) => titleOf(found) !== "");
  const title = maybe(titled, titleOf) ?? "";
  if (title === "") reading.missing("header.title");
  const second = reading.one("header.subtitle", element, (found) => !holds(titled, found));
  const said = (found: Element) =>
    found.getAttribute("title") ?? first(found, "[title]")?.getAttribute("title") ?? lineText(found);
  return { present: true, title, subtitle: short(maybe(second, said) ?? "") || undefined };
}

function titleOf(element: Element): string {
  const titled = element.hasAttribute("title") ? element : first(element, "span[title][dir=auto]");
  return short(titled?.getAttribute("title") || clean(bodyText(element)));
}

/** The scroll container of the messages. */
export function messagesBox(reading: Reading): HTMLElement | null {
  const main = mainPane(reading);
  if (!main) return null;
  const ids = every(main, "[data-id]");
  // Something inside a row may look like the box.
  const whole = (box: Element) => ids.every((id, index) => (index > 0 && index < ids.length - 1) || holds(box, id));
  return (reading.must("messages.box", main, whole) ??
    scroller(reading.one("messages.list", main, whole) ?? shared(ids))) as HTMLElement | null;
}

/** What holds the rows of all these; never a row itself. */
function shared(found: Element[]): Element | null {
  const last = found.at(-1);
  let box = (found[0]?.closest("[role=row]") ?? found[0])?.parentElement ?? null;
  while (box && last && !holds(box, last)) box = box.parentElement;
  return box;
}

/** Message rows and what stands between them, in page order; an id inside a row is the same row. */
export function pieces(box: Element | null): Piece[] {
  const found: Piece[] = [];
  const visit = (parent: Element, depth: number) => {
    for (const child of parent.children) {
      const id = attr(child, "data-id");
      if (id) found.push({ element: child, id });
      else if (depth < 30 && first(child, "[data-id]")) visit(child, depth + 1);
      else found.push({ element: child });
    }
  };
  if (box) visit(box, 0);
  return found;
}

/** A stretch of the pieces, for reads of more rows than one batch takes. */
export interface Stretch {
  from: number;
  count: number;
}

/** The conversation, fresh. `after` leaves only the rows below that key; nothing is returned when it is not there. */
export function conversation(reading: Reading = new Reading(), after?: string, stretch?: Stretch): Conversation | null {
  const base: Conversation = {
    v: 1,
    kind: "conversation",
    visible: visible(),
    open: false,
    lang: language(),
    title: "",
    rows: [],
    at_start: false,
    at_end: false,
    offline: false,
    writable: false,
  };
  const box = messagesBox(reading);
  const head = header(reading);
  if (!head.present || !box) return mainPane(reading) ? { ...base, health: reading.report } : base;
  const all = pieces(box);
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id && sameKey(id, after)) + 1;
  if (after !== undefined && from === 0) return null;
  const wanted =
    stretch === undefined ? window(reading, all.slice(from)) : all.slice(stretch.from, stretch.from + stretch.count);
  const rows = base.visible ? readRows(reading, wanted, box) : [];
  const end = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
  if (mainPane(reading)?.querySelector("[contenteditable=true]")) reading.must("composer", mainPane(reading));
  const composer = editor(reading);
  const result: Conversation = {
    ...base,
    open: true,
    title: head.title,
    subtitle: head.subtitle,
    avatar: headerAvatar(reading),
    composer_label: maybe(composer, editorLabel),
    rows,
    at_start: rows.some((row) => row.row === "start"),
    at_end: end,
    offline: offline(reading),
    writable: composer !== null,
    health: reading.report,
  };
  return stretch === undefined ? fitted(result) : { ...result, pieces: all.length };
}

function headerAvatar(reading: Reading): string | undefined {
  const element = headerElement(reading);
  return element === null ? undefined : avatarOf(element);
}

/** What an editor says of itself; it names the chat. */
export function editorLabel(editor: Element): string | undefined {
  return editor.getAttribute("aria-label")?.slice(0, 1_000).toWellFormed();
}

/** The composer's editor. */
export function editor(reading: Reading): HTMLElement | null {
  return reading.one("composer", mainPane(reading)) as HTMLElement | null;
}

/** The bare key of a packed id. */
export function keyOf(id: string): string {
  const packed = /^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(id);
  return packed?.[1] ?? id;
}

export function sameKey(id: string, key: string): boolean {
  return id === key || keyOf(id) === keyOf(key);
}

function readRows(reading: Reading, all: Piece[], box: Element): Row[] {
  const pane = area(box);
  const rows: Row[] = [];
  const ids = new Set<string>();
  for (const { element, id } of all) {
    if (!id) {
      const row = reading.once("between", element, () => between(reading, element));
      if (row) rows.push(row);
      continue;
    }
    if (ids.has(id) || id.length > 300) continue;
    ids.add(id);
    rows.push(
      reading.once(id, element, () =>
        isDrawn(reading, element) ? readRow(reading, element, id.toWellFormed(), pane) : undrawn(id),
      ),
    );
  }
  const drawn = rows.filter((row) => row.id && row.drawn);
  reading.report.rows_seen += drawn.length;
  reading.report.rows_read += drawn.filter(saysSomething).length;
  // Stamps and no id: what holds the ids is not where it was.
  if (ids.size > 0 || first(box, "[data-pre-plain-text]")) reading.tally("row.id", ids.size > 0);
  if (drawn.length > 0 && reading.report.rows_read === 0) reading.report.alarm = true;
  tallyRuns(reading, rows);
  return rows;
}

/**
 * Counts what only the first bubble of a run must have (evidence 3.3, rows 3 and 5). One is surely the first where the
 * stamp right above names somebody else; of the others it says nothing that they have none.
 */
function tallyRuns(reading: Reading, rows: Row[]): void {
  for (const [at, row] of rows.entries()) {
    if (row.row !== "message" || !row.pre) continue;
    const above = rows[at - 1];
    const first = above?.pre && stampedName(above.pre) !== stampedName(row.pre);
    if (first || row.tail) reading.tally("row.tail", row.tail !== undefined);
    if (first || row.author_label) reading.tally("row.label", row.author_label !== undefined);
  }
}

/** Whom a stamp `[time, date] name: ` names. */
function stampedName(pre: string): string {
  return pre.slice(pre.indexOf("] ") + 2);
}

function undrawn(id: string): Row {
  return { row: "message", id, drawn: false };
}

function saysSomething(row: Row): boolean {
  return row.row !== "message" || row.text !== "" || row.kind !== "none" || row.clock !== undefined;
}

/** At most so many rows, those that are drawn among them. */
function window(reading: Reading, all: Piece[]): Piece[] {
  if (all.length <= MAX_ROWS) return all;
  const first = all.findIndex(({ id, element }) => id && isDrawn(reading, element));
  const start = Math.max(0, Math.min(first < 0 ? all.length : first - 100, all.length - MAX_ROWS));
  return all.slice(start, start + MAX_ROWS);
}

/** A message, or what has an id and is none: notices and cards. */
function readRow(reading: Reading, element: Element, id: string, pane: DOMRect): Row {
  if (reading.has("row.notice", element) && !bubbleOf(reading, element) && !isCall(reading, element))
    return noticeRow(reading, element, id);
  const parts = partsOf(reading, element);
  const row = message(parts, id, pane);
  const bare = parts.bubble === element && !parts.pre && !/\bmessage-(in|out)\b/.test(element.className);
  const silent = row.kind === "none" && row.status === undefined;
  const strange =
    bare &&
    ((silent && (row.text === "" || (row.clock === undefined && row.tail === undefined))) ||
      reading.has("row.card", element));
  const told = reading.has("row.subtype", element) && !parts.pre && silent;
  return strange || told ? noticeRow(reading, element, id) : row;
}

/** Calls are drawn as notices and are messages. */
function isCall(reading: Reading, element: Element): boolean {
  return (
    reading.has("kind.call", element) ||
    (!reading.has("row.subtype", element) && mentions(plain(lineText(element)), words.call) && !isStart(element))
  );
}

export function isStart(element: Element): boolean {
  return mentions(plain(lineText(element)), words.encryption);
}

function said(element: Element): string {
  return short(lineText(element)).slice(0, 1_000).toWellFormed();
}

function noticeRow(reading: Reading, element: Element, id?: string): Row {
  const subtype = reading.attribute("row.subtype", element)?.replace(/^subtype-/, "");
  return {
    row: isStart(element) ? "start" : "notice",
    id,
    drawn: true,
    text: said(element),
    subtype: maybe(subtype, short),
  };
}

/** What has no id: a date marker, the divider of unread messages, a notice, or nothing worth a row. */
function between(reading: Reading, element: Element): Row | undefined {
  const text = lineText(element);
  if (text === "") return undefined;
  if (
    element.matches("[data-testid=msg-notification-container]") ||
    reading.has("row.notice", element) ||
    (mentions(text.toLowerCase(), words.encryption) && text.length > 40)
  )
    return noticeRow(reading, element);
  if (element.matches("span[aria-live=polite]") || reading.has("row.divider", element))
    return { row: "divider", drawn: true, text: short(text) };
  if (text.length > 60 || first(element, "button, [role=button], progress"))
    return { row: "notice", drawn: true, text: said(element) };
  return { row: "marker", drawn: true, text: short(text) };
}

/** Rows far from the view are sent as not drawn until the batch fits; they are read when they are scrolled to. */
function fitted(result: Conversation): Conversation {
  let size = bytes(result);
  for (let index = 0; size > MAX_BYTES && index < result.rows.length - 1; index++) {
    const row = result.rows[index];
    if (!row?.id || !row.drawn) continue;
    size -= bytes(row) - 60;
    result.rows[index] = undrawn(row.id);
  }
  return result;
}
