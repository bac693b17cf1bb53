// The chat list: the rendered window of a virtualised grid, ordered by offset and never by place in the document.

import { Reading } from "./anchors";
import type { Stretch } from "./conversation";
import { area, around, attr, every, first, holds, inner, maybe, scroller, tag } from "./element";
import { colours, hasIcon, icon, icons, iconText } from "./icons";
import { leaves } from "./leaves";
import { language, visible } from "./page";
import { isKnownIcon, mentions, words } from "./profile";
import { bytes, type List, type ListRow, MAX_BYTES, MAX_LIST } from "./schema";
import { bodyText, clean, hash, lineText, plain, short } from "./text";

/** A row's element with what locates it. */
export interface Placed {
  element: Element;
  title: Element;
  y: number;
  height: number;
  position: number;
}

/** The list's scroll container. */
export function pane(reading: Reading): HTMLElement | null {
  return reading.one("list.pane") as HTMLElement | null;
}

/** Chats of the rendered window in list order; headings have no cell and are left out. */
export function placedRows(reading: Reading, box: Element): Placed[] {
  const grid = reading.one("list.grid", box) ?? box;
  const rows = outermost(reading.all("list.row", grid));
  reading.report.rows_seen += rows.length;
  const placed: Placed[] = [];
  let headings = 0;
  for (const element of rows) {
    const title = reading.once("title", element, () => reading.must("list.title", element, isName));
    if (!title) {
      headings += 1;
      continue;
    }
    placed.push({ element, title, y: offset(element), height: heightOf(element), position: 0 });
  }
  placed.sort((a, b) => a.y - b.y);
  // Headings are no chats: they are not rows that could not be read, as long as something was.
  reading.report.rows_seen -= placed.length > 0 ? headings : 0;
  const top = placed[0];
  const height = usual(placed);
  // Space above the first chat that no chat uses is only known while the first row is rendered.
  const start = top && top.height > 0 && top.y >= height ? Math.round(top.y / height) : 0;
  placed.forEach((row, index) => {
    row.position = start + index;
  });
  return placed;
}

/** The usual row height. */
function usual(placed: Placed[]): number {
  const heights = placed
    .map((row) => row.height)
    .filter((height) => height > 0)
    .sort((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? 76;
}

function isName(element: Element): boolean {
  return clean(attr(element, "title")) !== "" && around(element, "[data-testid=cell-frame-secondary]") === null;
}

function outermost(elements: Element[]): Element[] {
  const all = new Set(elements);
  return elements.filter((element) => {
    let parent = element.parentElement;
    while (parent && !all.has(parent)) parent = parent.parentElement;
    return !parent;
  });
}

/** `translateY` of the row or of the wrapper that carries it; while a row moves, the style has the place it moves to. */
function offset(row: Element): number {
  for (let node: Element | null = row, steps = 0; node && steps < 3; node = node.parentElement, steps++) {
    const moved = /translate(?:Y\(|3d\([^,]+,|\([^,]+,)\s*(-?[\d.]+)px/.exec(
      (node as HTMLElement).style?.transform ?? "",
    );
    if (moved) return Number(moved[1]);
    if (node !== row && attr(node, "role") === "grid") break;
  }
  return area(row).top;
}

function heightOf(row: Element): number {
  const styled = Number.parseFloat((row as HTMLElement).style?.height ?? "");
  return Number.isFinite(styled) && styled > 0 ? styled : area(row).height;
}

/** Previews are cut by nature; one long message per chat must not make the list too large to be told. */
const MAX_PREVIEW = 2_000;

/** The drawer of archived chats: the other lists in drawers are no grids. */
export function archive(reading: Reading): HTMLElement | null {
  return reading.one("list.archive") as HTMLElement | null;
}

/** Which list is meant: the usual one, or the drawer of archived chats. */
export interface Which {
  archived?: boolean;
}

/** What scrolls of the list that is meant. */
export function paneOf(reading: Reading, { archived }: Which): HTMLElement | null {
  return archived ? (scroller(archive(reading)) as HTMLElement | null) : pane(reading);
}

const thisDocument = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
let looks = 0;

/** The list, fresh; of `stretch` only those rows. */
export function list(
  reading: Reading = new Reading(),
  box: HTMLElement | null = pane(reading),
  stretch?: Stretch,
): List {
  const result = read(reading, box, stretch);
  if (bytes(result) <= MAX_BYTES) return result;
  return { ...result, rows: result.rows.map((row) => ({ ...row, preview: row.preview?.slice(0, 80).toWellFormed() })) };
}

function read(reading: Reading, box: HTMLElement | null, stretch?: Stretch): List {
  looks += 1;
  const base: List = {
    v: 1,
    kind: "list",
    document: thisDocument,
    look: looks,
    visible: visible(),
    present: false,
    searching: false,
    lang: language(),
    complete: false,
    rows: [],
  };
  if (!box) {
    // The main screen without its list is either half drawn or drawn in a way that nobody knows.
    if (stretch === undefined && reading.has("screen.main")) {
      reading.must("list.pane");
      return { ...base, health: reading.report };
    }
    return base;
  }
  if (stretch === undefined) reading.must("list.pane");
  const grid = box.matches("[role=grid]") ? box : reading.must("list.grid", box);
  const all = placedRows(reading, box);
  const from = stretch?.from ?? 0;
  const placed = all.slice(from, from + (stretch?.count ?? MAX_LIST));
  const rows = placed.map((row) => ({
    ...reading.once("chat", row.element, () => readRow(reading, row)),
    y: row.y,
    height: row.height,
    position: row.position,
  }));
  if (all.length === 0 && clean(inner(box)) !== "") reading.must("list.row", grid ?? box);
  if (all[0]) {
    reading.must("list.row", grid ?? box);
    reading.must("list.cell", all[0].element);
  }
  reading.report.rows_read += rows.length;
  if (reading.report.rows_seen > 0 && rows.length === 0) reading.report.alarm = true;
  const total = rowCount(grid);
  const fits = box.scrollHeight <= box.clientHeight + 1;
  return {
    ...base,
    present: grid !== null || rows.length > 0,
    searching: searching(reading),
    total,
    complete: total === undefined ? fits : rows.length === total,
    rows,
    health: reading.report,
  };
}

function rowCount(grid: Element | null): number | undefined {
  const value = Number(grid?.getAttribute("aria-rowcount") ?? Number.NaN);
  return Number.isInteger(value) && value >= 0 && value < 1_000_000 ? value : undefined;
}

/** A query in the search field hides chats: what is shown then is not the list. */
function searching(reading: Reading): boolean {
  const field = reading.must("list.search");
  if (!field) return false;
  if (tag(field) === "INPUT") return (field as HTMLInputElement).value.trim() !== "";
  return clean(inner(field)) !== "";
}

function readRow(reading: Reading, placed: Placed): Omit<ListRow, "y" | "height" | "position"> {
  const row = placed.element;
  const preview = reading.one("list.preview", row, (element) => element !== placed.title);
  const second = preview?.closest("[data-testid=cell-frame-secondary]") ?? reading.one("list.secondary", row);
  const ack = icon(row, "ack");
  const media = icon(row, "media", (element) => !holds(placed.title, element));
  const line = plain(maybe(second, lineText) ?? "");
  const replaced = !preview && !reading.has("list.status", row);
  const draft =
    replaced && words.draft.some((word) => line.startsWith(word) && /^\]?[:：]/.test(line.slice(word.length)));
  const typing = replaced && !draft && isTyping(line);
  const shown = !preview && !draft && !typing && second ? bodyText(second).trim() : "";
  const previewText = preview?.getAttribute("title") ?? (shown || undefined);
  const badge = unread(reading, row);
  tallyIcons(reading, second, placed.title);
  if (previewText === undefined) reading.missing("list.preview");
  if (!preview) reading.must("list.secondary", row);
  return {
    title: short(attr(placed.title, "title")),
    time: short(timeOf(reading, row)),
    preview: previewText?.slice(0, MAX_PREVIEW).toWellFormed(),
    author: authorOf(preview ?? reading.one("list.status", row), previewText ?? ""),
    ack_icon: ack && iconText(ack, "ack"),
    ack_colours: ack ? colours(ack.element) : [],
    media_icon: media && iconText(media, "media"),
    unread_label: maybe(badge, (found) => short(attr(found, "aria-label") || inner(found))),
    unread_badge: badge !== null,
    pinned: hasIcon(row, "pinned"),
    muted: reading.has("list.muted", row) || hasIcon(row, "muted"),
    archived: around(row, "[data-testid=drawer-left]") !== null || saysArchived(row, placed.title, line),
    typing,
    draft,
    avatar: avatarOf(row),
    picture: maybe(pictureOf(row), tokenOf),
    yourself: reading.has("list.yourself", row),
    selected: isSelected(row),
  };
}

/** Whether a row is the chat that is open. */
export function isSelected(row: Element): boolean {
  return row.matches("[aria-selected=true]") || first(row, "[aria-selected=true]") !== null;
}

/** Icons before a preview say whose it is; one that nobody knows leaves that open. */
function tallyIcons(reading: Reading, line: Element | null, title: Element): void {
  if (!line) return;
  for (const { element, names } of icons(line))
    if (element.matches("svg, [data-icon]") && !holds(title, element))
      reading.tally("list.icon", names.some(isKnownIcon));
}

/** Search results say it in words beside the preview. */
function saysArchived(row: Element, title: Element, line: string): boolean {
  if (words.archived.includes(line) || !mentions(plain(inner(row)), words.archived)) return false;
  const beside = leaves(row, (element) => !holds(title, element) && !around(element, "[title]"));
  return beside.some((leaf) => words.archived.includes(plain(leaf.text)));
}

/** Nothing but words tells typing from a preview without attribute; without words for the language, the ellipsis does. */
function isTyping(line: string): boolean {
  const said = /^(.{1,80})(\.\.\.|…)$/.exec(line)?.[1];
  if (said === undefined) return false;
  const known = words.languages.includes(language()?.split("-")[0] ?? "");
  return !known || words.typing.some((word) => said.endsWith(word));
}

function timeOf(reading: Reading, row: Element): string {
  const element = reading.must("list.time", row, (found) => first(found, "[title]") === null);
  if (!element) reading.missing("list.time");
  return maybe(element, lineText) ?? "";
}

/** The badge has a label, and inside it nothing but a number or nothing. */
function unread(reading: Reading, row: Element): Element | null {
  const muted = reading.one("list.muted", row);
  const accept = (element: Element) =>
    !(muted && holds(element, muted)) &&
    !holds(muted, element) &&
    /^[\d+.,\s]*$/.test(inner(element)) &&
    !/mention|mute|pin/.test(attr(element, "data-testid")) &&
    first(element, "svg, [data-icon]") === null &&
    !element.matches("[data-icon]");
  const found = reading.one("list.unread", row, accept);
  if (!found) return null;
  if (found.hasAttribute("aria-label")) return found;
  return first(found, "[aria-label]") ?? around(found, "[aria-label]") ?? found;
}

/** `Name:` and a no-break space before the preview, when the title attribute does not have it. */
function authorOf(preview: Element | null, title: string): string | undefined {
  if (!preview) return undefined;
  const text = bodyText(preview);
  const end = text.indexOf(":\u00a0");
  if (end <= 0 || end > 80) return undefined;
  const name = clean(text.slice(0, end));
  const body = clean(title);
  return name !== "" && !body.startsWith(`${name}:`) ? short(name) : undefined;
}

/** Less is an emoji or an icon. */
const LEAST_PICTURE = 32;

/** The chat's own picture, as far as the row shows one, whether or not it is loaded. */
export function pictureOf(row: Element): HTMLImageElement | undefined {
  return (every(row, "img:not([data-plain-text])") as HTMLImageElement[]).find((image) => {
    const { width, height } = area(image);
    return width >= LEAST_PICTURE && Math.abs(width - height) < 2 && !around(image, "span[title]");
  });
}

/** What stands for a picture: its address is told to nobody. */
export function tokenOf(picture: HTMLImageElement): string {
  return hash(picture.src);
}

/** The default pictures differ; a photograph says nothing. */
export function avatarOf(scope: Element): string | undefined {
  return ["group", "contact"].find((set) => hasIcon(scope, set));
}
