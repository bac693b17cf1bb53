// What each event does to the inbox's cache; a list that was never fetched stays empty.
import type { QueryClient } from "@tanstack/react-query";
import type { Appliers } from "#/api/appliers";
import type { StoredEvent } from "#/api/types";
import { acts } from "#/features/inbox/actQueries";
import { actsAfter } from "#/features/inbox/acts";
import { chatsAfter, gapsAfter, outgoingAfter, pagesAfter } from "#/features/inbox/after";
import { contact } from "#/features/inbox/contact";
import { joins } from "#/features/inbox/joins";
import { activity, chats, history, messages, outgoing, refetchInbox } from "#/features/inbox/queries";

function applyMessage(cache: QueryClient, chatId: string, event: StoredEvent): void {
  cache.setQueryData(
    messages(chatId).queryKey,
    (seen) => seen && { ...seen, pages: pagesAfter(seen.pages, chatId, event) },
  );
}

export const inboxEvents: Appliers<StoredEvent["type"] | "activity" | "reset"> = {
  "message.stored": (cache, event) => applyMessage(cache, event.message.chat_id, event),
  "message.updated": (cache, event) => applyMessage(cache, event.message.chat_id, event),
  "message.removed": (cache, event) => applyMessage(cache, event.chat_id, event),
  "chat.updated": (cache, event) =>
    void cache.setQueryData(chats().queryKey, (seen) => seen && chatsAfter(seen, event)),
  "outgoing.updated": (cache, event) =>
    void cache.setQueryData(
      outgoing(event.outgoing.chat_id).queryKey,
      (seen) => seen && outgoingAfter(seen, event.outgoing.chat_id, event),
    ),
  "act.updated": (cache, event) =>
    void cache.setQueryData(
      acts(event.act.chat_id).queryKey,
      (seen) => seen && actsAfter(seen, event.act.chat_id, event),
    ),
  "gap.updated": (cache, event) =>
    void cache.setQueryData(
      history(event.gap.chat_id).queryKey,
      (seen) => seen && { ...seen, gaps: gapsAfter(seen.gaps, event.gap.chat_id, event) },
    ),
  activity: (cache, event) => void cache.setQueryData(activity().queryKey, event.activity),
  "contact.updated": (cache, event) => {
    void cache.invalidateQueries({ queryKey: contact(event.chat_id).queryKey });
    void cache.invalidateQueries({ queryKey: joins(event.chat_id).queryKey });
  },
  reset: (cache) => refetchInbox(cache),
};
