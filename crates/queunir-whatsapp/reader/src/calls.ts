// What the driver may ask: points, figures and fresh reads. Nothing here clicks or types; the two scroll calls move a box.

import { acts, itemsBox } from "./acts";
import { aimed, rowsOf, takeAim, type Wanted } from "./aim";
import { Reading } from "./anchors";
import { attachButton, attachItem, preview } from "./attach";
import {
  conversation,
  editor,
  editorLabel,
  header,
  keyOf,
  mainPane,
  messagesBox,
  pieces,
  type Stretch,
  sameKey,
} from "./conversation";
import { archiveDoor } from "./door";
import { area, attr, first, holds, maybe, PRESSED } from "./element";
import { historyTop } from "./history";
import { hasIcon } from "./icons";
import { archive, isSelected, list, paneOf, pictureOf, tokenOf, type Which } from "./list";
import { phoneLogin } from "./login";
import { isDrawn, mediaAt, quotedOf, quoteOf } from "./message";
import { readAgain } from "./observe";
import { active, visible } from "./page";
import { type Profile, useProfiles } from "./profile";
import { centre, type Point } from "./schema";
import { dialog, qrReload, state, useHere } from "./screen";
import { editorText } from "./text";
import { folded } from "./unfold";

const NO_ROW = {
  found: "none",
  x: 0,
  y: 0,
  position: 0,
  clickable: false,
  top: 0,
  height: 0,
  inView: false,
  selected: false,
} as const;

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

/** Finds a chat by its title, or by its phone where the title is one, among the rows that are rendered. */
function chatRow(wanted: Wanted): ChatRow {
  const reading = new Reading();
  const box = paneOf(reading, wanted);
  if (!box) return NO_ROW;
  const hits = rowsOf(reading, box, wanted);
  const row = hits[0];
  if (!row) return NO_ROW;
  const cell = reading.one("list.cell", row.element) ?? row.element;
  const { x, y } = centre(cell);
  const view = area(box);
  const inView = area(cell).height > 0 && y > view.top && y < view.bottom && x > view.left && x < view.right;
  return {
    found: hits.length === 1 ? "one" : "many",
    x,
    y,
    position: row.position,
    clickable: hits.length === 1 && inView && reachable(cell, row.element, { x, y }),
    top: row.y,
    height: row.height,
    inView,
    selected: isSelected(row.element),
  };
}

/** Places in a picture, in parts of its width and height: a round one covers all of them. */
const INSIDE = [
  [0.5, 0.5],
  [0.2, 0.2],
  [0.8, 0.2],
  [0.2, 0.8],
  [0.8, 0.8],
] as const;

/** Where the picture of a chat is drawn, while all of it is in view and nothing but parts of its own row lies above it. */
function picture(wanted: Wanted) {
  const reading = new Reading();
  const box = paneOf(reading, wanted);
  const hits = box ? rowsOf(reading, box, wanted) : [];
  const row = hits[0]?.element;
  const image = maybe(row, pictureOf);
  if (!box || !image?.complete || image.naturalWidth === 0 || hits.length > 1) return { present: false };
  const { x, y, width, height } = area(image);
  const view = area(box);
  const present =
    y >= view.top &&
    y + height <= view.bottom &&
    INSIDE.every(([right, down]) => holds(row, document.elementFromPoint(x + right * width, y + down * height)));
  return { present, x, y, width, height, token: tokenOf(image) };
}

/** Pointer events are on and nothing lies above the row at that point. */
function reachable(cell: Element, row: Element, point: { x: number; y: number }): boolean {
  if (getComputedStyle(cell).pointerEvents === "none") return false;
  return holds(row, document.elementFromPoint(point.x, point.y));
}

function boxOf(element: HTMLElement | null) {
  const { scrollTop, scrollHeight, clientHeight } = element ?? { scrollTop: 0, scrollHeight: 0, clientHeight: 0 };
  return { ...centre(element), scrollTop, scrollHeight, clientHeight };
}

function scroll(element: HTMLElement | null, top: number | "end") {
  element?.scrollTo({ top: top === "end" ? element.scrollHeight : Number(top) || 0, behavior: "instant" });
  return boxOf(element);
}

function composer() {
  const reading = new Reading();
  const element = editor(reading);
  const text = maybe(element, editorText)?.toWellFormed() ?? "";
  const focus = active();
  const rows = messagesBox(reading);
  // What stands above the editor is quoted outside the conversation.
  const quoted = quotedOf(reading, mainPane(reading), (found) => !holds(rows, found));
  return {
    ...centre(element),
    writable: element !== null && attr(element, "aria-disabled") !== "true",
    text,
    empty: text === "",
    focused: focus !== null && holds(element, focus),
    hasDraft: text !== "",
    label: maybe(element, editorLabel),
    quote: maybe(quoted, (found) => quoteOf(reading, found)),
  };
}

/** The send button; the microphone stands in its place while there is no text. */
function sendButton(): Point {
  const reading = new Reading();
  const button = reading.one("send", mainPane(reading), (element) => !hasIcon(element, "microphone"));
  return centre(button?.closest(PRESSED) ?? button);
}

/** The last message row: its key and a quick look at whose it is. */
function lastMessage() {
  const reading = new Reading();
  const last = pieces(messagesBox(reading)).findLast(
    ({ id, element }) => id && (!isDrawn(reading, element) || !reading.has("row.notice", element)),
  );
  if (!last?.id) return null;
  return { key: keyOf(last.id).toWellFormed(), direction: quickDirection(last.id, last.element) };
}

function quickDirection(id: string, row: Element): string {
  if (id.startsWith("true_") || first(row, ".message-out") || hasIcon(row, "tail_out") || hasIcon(row, "ack"))
    return "out";
  if (id.startsWith("false_") || first(row, ".message-in") || hasIcon(row, "tail_in")) return "in";
  return "unknown";
}

/** The open chat, and where the page shows a file of one of its messages. */
function media({ key, place }: { key: string; place: number }) {
  const reading = new Reading();
  const { title } = header(reading);
  const piece = pieces(messagesBox(reading)).find(
    ({ id, element }) => id && sameKey(id, key) && isDrawn(reading, element),
  );
  if (!piece) return { title, drawn: false };
  return { title, drawn: true, ...mediaAt(reading, piece.element, place) };
}

/** Every call, none of which throws: a failure is `{error: code}`. */
export const calls = {
  state,
  list: (which: Which, reading = new Reading()) => list(reading, paneOf(reading, which)),
  conversation: () => conversation(),
  /** Stretches, for what is larger than a batch. */
  chats: (stretch: Stretch) => list(new Reading(), undefined, stretch),
  archive: (stretch: Stretch, reading = new Reading()) => list(reading, archive(reading), stretch),
  rows: (stretch: Stretch) => conversation(new Reading(), undefined, stretch),
  chatRow,
  picture,
  takeAim,
  aimed,
  folded,
  listBox: (which: Which) => boxOf(paneOf(new Reading(), which)),
  conversationBox: () => boxOf(messagesBox(new Reading())),
  scrollListTo: ({ top, ...which }: { top: number } & Which) => scroll(paneOf(new Reading(), which), top),
  scrollItemsTo: ({ field, top }: { field: string; top: number }) => scroll(itemsBox(field) as HTMLElement | null, top),
  archiveDoor,
  scrollConversationTo: ({ top }: { top: number | "end" }) => scroll(messagesBox(new Reading()), top),
  attachButton,
  attachItem,
  historyTop,
  composer,
  preview,
  sendButton,
  lastMessage,
  ...acts,
  media,
  messages: ({ after }: { after: string | null }) =>
    conversation(new Reading(), after ?? undefined) ?? { error: "after_not_found" },
  phoneLogin,
  qrReload,
  useHere,
  dialog,
  header: () => header(),
  visible,
  /** They are checked, and capped, where they are read from their files (`profiles.rs`). */
  useProfiles: (given: Profile[]) => {
    useProfiles(given);
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
        return { error: `${name}: ${error instanceof Error ? error.message : ""}`.slice(0, 200).toWellFormed() };
      }
    };
  }
  return made;
}
