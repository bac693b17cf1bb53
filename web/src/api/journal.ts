// The stored events of the last moments, so that an answer that was on its way when they came can be brought up to date.
import type { StoredEvent } from "#/api/types";

/** Fewer would lose events during one slow fetch in a busy minute; many more would only cost memory. */
const kept = 5_000;

let events: StoredEvent[] = [];
let dropped = 0;

/** Remembers an event. */
export function remember(event: StoredEvent): void {
  events.push(event);
  if (events.length > kept * 2) {
    dropped += events.length - kept;
    events = events.slice(-kept);
  }
}

/** A place in the journal: what comes later is `since` it. */
export function mark(): number {
  return dropped + events.length;
}

/** What happened since a place. */
export function since(place: number): StoredEvent[] {
  return events.slice(Math.max(0, place - dropped));
}

/** Forgets everything (another account signs in). */
export function forget(): void {
  dropped += events.length;
  events = [];
}
