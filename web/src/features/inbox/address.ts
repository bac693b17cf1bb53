// What the inbox keeps in the page's address, so that a reload, a step back and another width of the window keep it.
import type { Chat } from "#/api/types";

/** Which chats the list shows: those of WhatsApp's list, or the archived ones. */
export type Shelf = "all" | "archived";

export interface InboxAddress {
  /** What is typed into the search field. */
  q?: string;
  /** Which chats were chosen; without it those among which the open one is. */
  shelf?: Shelf;
  /** The contact was asked for. */
  info?: true;
}

/** Reads an address; what is nothing of ours is left out. */
export function inboxAddress(raw: Record<string, unknown>): InboxAddress {
  const found: InboxAddress = {};
  const typed = raw.q;
  if (typeof typed === "string" || typeof typed === "number") found.q = String(typed);
  if (raw.shelf === "all" || raw.shelf === "archived") found.shelf = raw.shelf;
  if (raw.info === true) found.info = true;
  return found;
}

/** The part of the address that belongs to the list, for wherever a person goes from it. */
export function listAddress(typed: string, chosen: Shelf | null): InboxAddress {
  return { ...(typed && { q: typed }), ...(chosen && { shelf: chosen }) };
}

/** Which chats are shown: the chosen ones, else those among which the open one is; without archived chats all. */
export function shelfShown(chats: Pick<Chat, "id" | "archived">[], chosen: Shelf | null, open: string | null): Shelf {
  const archived = chats.filter((chat) => chat.archived);
  if (archived.length === 0) return "all";
  return chosen ?? (archived.some((chat) => chat.id === open) ? "archived" : "all");
}
