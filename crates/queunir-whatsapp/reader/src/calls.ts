// What the driver may ask: points, figures and fresh reads. Nothing here clicks or types; the two scroll calls move a box.

import { isProfile, Reading } from "./anchors";
import {
  conversation,
  editor,
  header,
  keyOf,
  mainPane,
  messagesBox,
  pieces,
  type Stretch,
  sameKey,
} from "./conversation";
import { icon, icons } from "./icons";
import { archive, list, pane, placedRows } from "./list";
import { isDrawn, mediaAt } from "./message";
import { readAgain } from "./observe";
import { active, visible } from "./page";
import { iconSet, type Profile, useProfiles } from "./profile";
import { centre, type Point } from "./schema";
import { dialog, qrReload, state, useHere } from "./screen";
import { clean, editorText } from "./text";

interface ChatRow {
  found: "none" | "one" | "many";
  x: number;
  y: number;
  position: number;
  clickable: boolean;
  top: number;
  height: number;
  inView: boolean;
  selected: boolean;
}

function digits(text: string): string {
  return /^\+[\d\s().\-\u2010-\u2013]+$/.test(clean(text)) ? text.replace(/\D/g, "") : "";
}

/** Finds a chat by its title, or by its phone where the title is one, among the rows that are rendered. */
function chatRow({ title, phone }: { title: string; phone?: string | null }): ChatRow {
  const nothing: ChatRow = {
    found: "none",
    x: 0,
    y: 0,
    position: 0,
    clickable: false,
    top: 0,
    height: 0,
    inView: false,
    selected: false,
  };
  const reading = new Reading();
  const box = pane(reading);
  if (box === null) return nothing;
  const wanted = clean(title);
  const number = phone ? phone.replace(/\D/g, "") : "";
  const rows = placedRows(reading, box);
  let hits = rows.filter((row) => clean(row.title.getAttribute("title") ?? "") === wanted);
  if (hits.length === 0 && number !== "")
    hits = rows.filter((row) => digits(row.title.getAttribute("title") ?? "") === number);
  const row = hits[0];
  if (row === undefined) return nothing;
  const cell = reading.one("list.cell", row.element) ?? row.element;
  const area = cell.getBoundingClientRect();
  const point = {
    x: area.left + area.width / 2,
    y: area.top + area.height / 2,
  };
  const view = box.getBoundingClientRect();
  const inView =
    area.height > 0 && point.y > view.top && point.y < view.bottom && point.x > view.left && point.x < view.right;
  return {
    found: hits.length === 1 ? "one" : "many",
    ...point,
    position: row.position,
    clickable:
      hits.length === 1 && inView && reachable(cell, row.element, point) && settled(reading, box, row.element, row.y),
    top: row.y,
    height: row.height,
    inView,
    selected: row.element.matches("[aria-selected=true]") || row.element.querySelector("[aria-selected=true]") !== null,
  };
}

/** Pointer events are on and nothing lies above the row at that point. */
function reachable(cell: Element, row: Element, point: { x: number; y: number }): boolean {
  if (getComputedStyle(cell).pointerEvents === "none") return false;
  const top = document.elementFromPoint(point.x, point.y);
  return top !== null && row.contains(top);
}

/** A row that is being moved stands elsewhere than its style says. */
function settled(reading: Reading, box: Element, row: Element, y: number): boolean {
  const grid = reading.one("list.grid", box);
  if (grid === null) return true;
  const drawn = row.getBoundingClientRect().top;
  const others = row.parentElement?.getBoundingClientRect().top ?? grid.getBoundingClientRect().top;
  return (
    Math.abs(drawn - others - y) < 3 ||
    Math.abs(drawn - grid.getBoundingClientRect().top - y) < 3 ||
    !/translate/.test((row as HTMLElement).style.transform)
  );
}

function boxOf(element: HTMLElement | null) {
  if (element === null)
    return {
      present: false,
      x: 0,
      y: 0,
      scrollTop: 0,
      scrollHeight: 0,
      clientHeight: 0,
    };
  const point = centre(element);
  return {
    ...point,
    scrollTop: element.scrollTop,
    scrollHeight: element.scrollHeight,
    clientHeight: element.clientHeight,
  };
}

function scroll(element: HTMLElement | null, top: number | "end") {
  if (element !== null)
    element.scrollTo({
      top: top === "end" ? element.scrollHeight : Number(top) || 0,
      behavior: "instant",
    });
  return boxOf(element);
}

function composer() {
  const reading = new Reading();
  const element = editor(reading);
  if (element === null)
    return {
      present: false,
      writable: false,
      text: "",
      empty: true,
      x: 0,
      y: 0,
      focused: false,
      hasDraft: false,
    };
  const text = editorText(element).toWellFormed();
  const focus = active();
  return {
    ...centre(element),
    present: true,
    writable: element.getAttribute("aria-disabled") !== "true",
    text,
    empty: text === "",
    focused: focus !== null && (focus === element || element.contains(focus)),
    hasDraft: text !== "",
    label: element.getAttribute("aria-label")?.slice(0, 1_000).toWellFormed() ?? undefined,
  };
}

/** The send button; the microphone stands in its place while there is no text. */
function sendButton(): Point {
  const reading = new Reading();
  const button = reading.one("send", mainPane(reading), (element) => !isMicrophone(element));
  return centre(button?.closest("button, [role=button]") ?? button);
}

function isMicrophone(element: Element): boolean {
  const names = iconSet("microphone");
  return icons(element).some((found) => found.names.some((name) => names.has(name)));
}

/** The last message row: its key and a quick look at whose it is. */
function lastMessage() {
  const reading = new Reading();
  const box = messagesBox(reading);
  if (box === null) return null;
  const last = pieces(box).findLast(
    (piece) =>
      piece.id !== undefined && (!isDrawn(reading, piece.element) || !reading.has("row.notice", piece.element)),
  );
  if (last?.id === undefined) return null;
  return {
    key: keyOf(last.id).toWellFormed(),
    direction: quickDirection(last.id, last.element),
  };
}

function quickDirection(id: string, row: Element): string {
  if (
    id.startsWith("true_") ||
    row.querySelector(".message-out") !== null ||
    icon(row, "tail_out") !== undefined ||
    icon(row, "ack") !== undefined
  )
    return "out";
  if (id.startsWith("false_") || row.querySelector(".message-in") !== null || icon(row, "tail_in") !== undefined)
    return "in";
  return "unknown";
}

/** The open chat, and where the page shows a file of one of its messages. */
function media({ key, place }: { key: string; place: number }) {
  const reading = new Reading();
  const { title } = header(reading);
  const box = messagesBox(reading);
  const found = box === null ? [] : pieces(box);
  const piece = found.find(({ id, element }) => id !== undefined && sameKey(id, key) && isDrawn(reading, element));
  if (piece === undefined) return { title, drawn: false };
  return { title, drawn: true, ...mediaAt(reading, piece.element, place) };
}

/** Uses profiles that were given from outside; all of them or none. */
export function takeProfiles(given: unknown): boolean {
  if (!Array.isArray(given) || given.length > 20 || !given.every(isProfile)) return false;
  useProfiles(given as Profile[]);
  return true;
}

/** Every call, none of which throws: a failure is `{error: code}`. */
export const calls = {
  state,
  list: () => list(),
  conversation: () => conversation(),
  /** Stretches, for what is larger than a batch. */
  chats: (stretch: Stretch) => list(new Reading(), undefined, stretch),
  archive: (stretch: Stretch) => {
    const reading = new Reading();
    return list(reading, archive(reading), stretch);
  },
  rows: (stretch: Stretch) => conversation(new Reading(), undefined, stretch),
  chatRow,
  listBox: () => boxOf(pane(new Reading())),
  conversationBox: () => boxOf(messagesBox(new Reading())),
  scrollListTo: ({ top }: { top: number }) => scroll(pane(new Reading()), top),
  scrollConversationTo: ({ top }: { top: number | "end" }) => scroll(messagesBox(new Reading()), top),
  composer,
  sendButton,
  lastMessage,
  media,
  messages: ({ after }: { after: string | null }) =>
    conversation(new Reading(), after ?? undefined) ?? {
      error: "after_not_found",
    },
  qrReload,
  useHere,
  dialog,
  header: () => header(),
  visible,
  useProfiles: (given: unknown) => {
    if (!takeProfiles(given)) return { error: "not_profiles" };
    readAgain();
    return true;
  },
};

type Call = (argument: never) => unknown;

/** The same calls, made safe. */
export function safe(): Record<string, (argument?: unknown) => unknown> {
  const made: Record<string, (argument?: unknown) => unknown> = {};
  for (const [name, call] of Object.entries(calls)) {
    made[name] = (argument?: unknown) => {
      try {
        return (call as Call)((argument ?? {}) as never) ?? null;
      } catch (error) {
        return {
          error: error instanceof Error ? `${name}: ${error.message}`.slice(0, 200).toWellFormed() : name,
        };
      }
    };
  }
  return made;
}
