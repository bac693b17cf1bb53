// What the list of a conversation consists of: date markers, the unread divider, messages with their place in a run.
import { percentOf } from "../dom.ts";
import type { Clock } from "../locale/time.ts";
import type { Message } from "../protocol.ts";

export type Item =
  | { kind: "date"; id: string; at: number }
  | { kind: "unread"; id: string; count: number }
  | { kind: "stranger"; id: string }
  | { kind: "typing"; id: string }
  | { kind: "message"; id: string; message: Message; first: boolean; label: boolean };

/** Share of middle bubbles in a run that lack the hidden author label; about 80 % of all rows keep it. */
const MIDDLE_WITHOUT_LABEL = 55;

/** Lays the messages out. `divider` is the key of the first message that was unread at opening. */
export function itemsOf(
  messages: Message[],
  clock: Clock,
  divider: { key: string; count: number } | null,
  around: { stranger: boolean; typing: boolean },
): Item[] {
  const items: Item[] = [];
  let day: number | null = null;
  messages.forEach((message, index) => {
    const today = clock.day(message.at);
    let broken = false;
    if (today !== day) {
      items.push({ kind: "date", id: `date ${today}`, at: message.at });
      day = today;
      broken = true;
    }
    if (divider?.key === message.key) {
      items.push({ kind: "unread", id: "unread", count: divider.count });
      broken = true;
    }
    const first = broken || !sameRun(messages[index - 1], message);
    const next = messages[index + 1];
    const last = !next || clock.day(next.at) !== today || divider?.key === next.key || !sameRun(message, next);
    const label = first || last || percentOf(message.key) >= MIDDLE_WITHOUT_LABEL;
    items.push({ kind: "message", id: message.key, message, first, label });
    // The card of an unknown sender has a key of its own, though it is no message.
    if (around.stranger && message.system === "e2e")
      items.push({ kind: "stranger", id: `${message.key.slice(0, -4)}CA4D` });
  });
  if (around.typing) items.push({ kind: "typing", id: "typing" });
  return items;
}

/** Where the unread divider goes: before the last `unread` incoming messages. */
export function dividerFor(messages: Message[], unread: number): { key: string; count: number } | null {
  if (unread <= 0) return null;
  let left = unread;
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index];
    if (!message || message.fromMe || !isMessage(message)) continue;
    left -= 1;
    if (left === 0 || index === 0) return { key: message.key, count: unread };
  }
  const first = messages.find(isMessage);
  return first ? { key: first.key, count: unread } : null;
}

/** Whether somebody wrote it, as opposed to a row about what happened. */
export function isMessage(message: Message): boolean {
  return message.kind !== "system" && message.kind !== "call";
}

function sameRun(a: Message | undefined, b: Message): boolean {
  if (!a || !isMessage(a) || !isMessage(b)) return false;
  return a.fromMe === b.fromMe && a.author === b.author;
}
