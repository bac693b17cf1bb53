// Customers who do not want to be written to: when an answer is still possible, and when what they wrote means it.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { chatPath, json } from "#/api/client";
import type { Chat, ChatList, Message, OptOutReason, OptOutWords } from "#/api/types";
import { chatsAfter } from "#/features/inbox/after";
import { chats } from "#/features/inbox/queries";

const dayMs = 24 * 60 * 60 * 1_000;

/** The words of the account; they change rarely, and only here. */
export const optOutWords = () =>
  queryOptions({
    queryKey: ["opt-out-words"],
    queryFn: ({ signal }) => json<OptOutWords>("GET", "/api/settings/opt-out-words", { signal }),
    staleTime: 5 * 60_000,
  });

/** Says of a customer that they do not want to be written to and why, or that they may be. */
export function useOptOut(chatId: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: OptOutReason | null) =>
      json<Chat>("POST", `${chatPath(chatId)}/opt-out`, {
        body: reason === null ? { opted_out: false } : { opted_out: true, reason },
      }),
    onSuccess: (chat) => {
      cache.setQueryData<ChatList["chats"]>(
        chats().queryKey,
        (seen) => seen && chatsAfter(seen, { type: "chat.updated", chat }),
      );
    },
  });
}

/** What was written, as it is compared: without accents, marks and case. */
const bare = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\p{M}\p{P}\p{S}]/gu, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();

/** Until when a customer who opted out may be answered; null when not at all. */
export function answerUntil(optedOutAt: string, known: readonly Message[], now: number): number | null {
  let until: number | null = null;
  for (const message of known) {
    if (message.direction !== "in" || !message.sent_at || !message.sent_at_certain) continue;
    const at = Date.parse(message.sent_at);
    if (at > Date.parse(optedOutAt) && at + dayMs > now) until = Math.max(until ?? 0, at + dayMs);
  }
  return until;
}

/** The customer's last message, if it says nothing but one of the words and nobody has looked at it since. */
export function suggestion(chat: Chat, known: readonly Message[], words: readonly string[]): Message | null {
  if (chat.opt_out || chat.kind === "group") return null;
  const last = known.findLast((message) => message.direction === "in" && !message.deleted_for_me);
  if (!last || last.id === chat.opt_out_declined) return null;
  const said = bare(last.text);
  return said !== "" && words.some((word) => bare(word) === said) ? last : null;
}
