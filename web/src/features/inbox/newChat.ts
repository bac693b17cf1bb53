// Beginning a conversation by a number, and how many may be begun.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { json } from "#/api/client";
import { Problem } from "#/api/errors";
import type { Chat, FirstContacts, NewChat } from "#/api/types";
import { chats } from "#/features/inbox/queries";

/** How often it is asked how far the search is. */
const askMs = 800;

/** Asks for the chat of one number, in the international form. */
export function useBeginChat() {
  return useMutation({ mutationFn: (phone: string) => json<NewChat>("POST", "/api/new-chats", { body: { phone } }) });
}

/** How far the search is; asks until it is over. */
export const newChat = (begun: NewChat | null) =>
  queryOptions({
    queryKey: ["new-chat", begun?.id],
    queryFn: async ({ signal }): Promise<NewChat | null> => {
      if (begun?.state !== "looking") return begun;
      try {
        return await json<NewChat>("GET", `/api/new-chats/${begun.id}`, { signal });
      } catch (error) {
        // A restart forgets it: nobody knows, and nothing was changed.
        if (error instanceof Problem && error.status === 404)
          return { ...begun, state: "uncertain", reason: "no_answer" };
        throw error;
      }
    },
    enabled: begun !== null,
    refetchInterval: (query) => ((query.state.data ?? begun)?.state === "looking" ? askMs : false),
    gcTime: 0,
  });

/** Puts the chat into the list if no event has done that yet; the list is what the inbox shows chats from. */
export function useLand() {
  const cache = useQueryClient();
  return async (chatId: string): Promise<void> => {
    const listed = cache.getQueryData<Chat[]>(chats().queryKey);
    if (!listed?.some((chat) => chat.id === chatId)) await cache.invalidateQueries({ queryKey: chats().queryKey });
  };
}

/** How many people who never wrote may be written to today. */
export const firstContacts = (chatId: string) =>
  queryOptions({
    queryKey: ["first-contacts", chatId],
    queryFn: ({ signal }) => json<FirstContacts>("GET", "/api/settings/first-contacts", { signal }),
    refetchInterval: 30_000,
  });

/** Whether a message would be the first of its chat, as far as is known here. */
export function isUnwritten(chat: Chat, messages: number, outgoing: number): boolean {
  return chat.kind !== "group" && !chat.preview && messages === 0 && outgoing === 0;
}
