// What a press is meant for, and a guard that lets it reach nothing else: rows of the list move under the pointer
// whenever a chat gets a message, and a press on the wrong one would mark that chat as read.

import { messageHost } from "./acts";
import { Reading } from "./anchors";
import { door } from "./door";
import { attr, holds } from "./element";
import { above } from "./history";
import { type Placed, paneOf, placedRows, type Which } from "./list";
import { centre, type Point } from "./schema";
import { clean } from "./text";
import { readMoreAt } from "./unfold";

/** A chat as a person names it. */
export interface Wanted extends Which {
  title: string;
  phone?: string | null;
}

/** A chat's row, the "Read more" of a message, anything in a message's row, the button that asks the phone for more, or the way to the archive. */
type Aim = Wanted | { more: string } | { row: string } | { older: true } | { door: true };

/** Longest time between taking aim and the press, ms. */
const PATIENCE = 5_000;

const PRESSES = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];

let aim: { at: Aim; until: number; stopped: boolean } | undefined;

function digits(text: string): string {
  return /^\+[\d\s().\-\u2010-\u2013]+$/.test(clean(text)) ? text.replace(/\D/g, "") : "";
}

/** The rendered rows with that title, or else with that phone as their title. */
export function rowsOf(reading: Reading, box: Element, { title, phone }: Wanted): Placed[] {
  const rows = placedRows(reading, box);
  const named = (is: (name: string) => boolean) => rows.filter((row) => is(attr(row.title, "title")));
  const hits = named((name) => clean(name) === clean(title));
  const number = phone?.replace(/\D/g, "");
  return hits.length > 0 || !number ? hits : named((name) => digits(name) === number);
}

/** The one element that is meant, as the page is now. */
function meant(at: Aim): Element | undefined {
  const reading = new Reading();
  if ("more" in at) return readMoreAt(reading, (key) => key === at.more)?.button;
  if ("row" in at) return messageHost(reading, at.row);
  if ("older" in at) return above(reading).button;
  if ("door" in at) return door().button ?? undefined;
  const box = paneOf(reading, at);
  const rows = box === null ? [] : rowsOf(reading, box, at);
  return rows.length === 1 ? rows[0]?.element : undefined;
}

/** From now on a press reaches nothing but what is meant, until `aimed` is asked; where that is at this moment. */
export function takeAim(at: Aim): Point {
  aim = { at, until: performance.now() + PATIENCE, stopped: false };
  return centre(meant(at) ?? null);
}

/** Whether a press went elsewhere and was stopped; the guard is taken down. */
export function aimed(): { stopped: boolean } {
  const stopped = aim?.stopped ?? true;
  aim = undefined;
  return { stopped };
}

/** Looks at each press before the page does, at the moment at which it happens. */
function guard(event: Event): void {
  if (aim === undefined || performance.now() > aim.until) return;
  if (holds(meant(aim.at), event.target as Element | null)) return;
  aim.stopped = true;
  event.stopImmediatePropagation();
  event.preventDefault();
}

/** Puts the guard in front of the page's own listeners. */
export function watchPresses(): void {
  for (const press of PRESSES) globalThis.addEventListener(press, guard, { capture: true });
}
