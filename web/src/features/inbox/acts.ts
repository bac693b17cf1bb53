// What can be done to a message, and what an event makes of the acts that are open. Pure.
import type { Act, Message, StoredEvent, Wish } from "#/api/types";
import { moment } from "#/lib/time";

/** The six that WhatsApp offers at once, in its order. */
export const quickEmoji = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;

/** WhatsApp's own limits; it has the last word. */
const editableMs = 15 * 60_000;
const revocableMs = 60 * 3_600_000;

/** What WhatsApp has no quote for, or we cannot compare. */
const unquotable: ReadonlySet<string> = new Set(["call", "undecrypted", "unknown"]);

export interface Possible {
  copy: boolean;
  reply: boolean;
  mark: boolean;
  edit: boolean;
  forward: boolean;
  deleteForMe: boolean;
  deleteForEveryone: boolean;
}

/** Which acts make sense on a message now. */
export function possibleActs(message: Message, now: number): Possible {
  const stored = message.source === "row" && Boolean(message.key) && message.deleted_for_me !== true;
  const alive = stored && message.kind !== "deleted";
  const at = moment(message.sent_at);
  const within = (ms: number): boolean => at === null || now - at < ms;
  const handedIn = message.direction === "out" && !message.failed && message.ack !== "pending";
  return {
    copy: message.text !== "" && message.kind !== "deleted",
    reply: alive && !message.failed && message.direction !== "unknown" && !unquotable.has(message.kind),
    mark: alive && message.ack !== "pending" && !message.failed,
    edit: alive && handedIn && message.kind === "text" && !message.forwarded && within(editableMs),
    forward: alive && message.kind !== "undecrypted" && message.kind !== "view_once" && !message.failed,
    deleteForMe: stored,
    deleteForEveryone: alive && handedIn && within(revocableMs),
  };
}

/** The emoji of this account on a message. */
export function ownReaction(message: Message): string | null {
  return message.reactions?.find((reaction) => reaction.ours)?.emoji ?? null;
}

/** Two emoji are one, however they ask to be drawn. */
export function sameEmoji(one: string, other: string): boolean {
  const bare = (emoji: string): string => emoji.replaceAll("\u{fe0f}", "");
  return bare(one) === bare(other);
}

/** Acts that still need to be shown; done and taken back ones are told by their message. */
const isOpen = (act: Act): boolean => act.state !== "done" && act.state !== "canceled";

/** Replaces the act with the same key, adds it, or takes it off the list when it is over. */
export function withAct(acts: Act[], changed: Act): Act[] {
  const others = acts.filter((act) => act.client_key !== changed.client_key && act.id !== changed.id);
  return isOpen(changed) ? [...others, changed] : others;
}

/** The open acts of a chat after an event. */
export function actsAfter(acts: Act[], chatId: string, event: StoredEvent): Act[] {
  return event.type === "act.updated" && event.act.chat_id === chatId ? withAct(acts, event.act) : acts;
}

/** The text of an act while it is on its way, when it failed, and when nobody can tell. */
export function actWords(wish: Wish): string {
  switch (wish.kind) {
    case "react":
      return wish.emoji ? "act.react" : "act.unreact";
    case "star":
      return wish.on ? "act.star" : "act.unstar";
    case "pin":
      return wish.duration ? "act.pin" : "act.unpin";
    case "delete_for_me":
      return "act.delete_for_me";
    case "delete_for_everyone":
      return "act.delete_for_everyone";
    case "edit":
      return "act.edit";
    case "forward":
      return "act.forward";
  }
}

/** Why nobody can tell what became of an act, and what a person can do about it. */
export function doubtWords(act: Act): string {
  return act.reason === "vanished" ? "act.vanished_text" : "act.uncertain_text";
}
