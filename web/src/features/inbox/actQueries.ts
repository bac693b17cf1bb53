// The acts of a chat in the query cache, and asking for them.
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { actPath, chatPath, json, messagePath } from "#/api/client";
import { Problem } from "#/api/errors";
import { mark, since } from "#/api/journal";
import type { Act, ActList, Wish } from "#/api/types";
import { actsAfter, withAct } from "#/features/inbox/acts";
import { serverNow } from "#/lib/clock";

export const acts = (chatId: string) =>
  queryOptions({
    queryKey: ["acts", chatId],
    queryFn: async ({ signal, client }) => {
      const place = mark();
      const { acts: open } = await json<ActList>("GET", `${chatPath(chatId)}/acts`, { signal });
      // What only this page knows: on its way to the server, or refused by it.
      const ours = (client.getQueryData<Act[]>(["acts", chatId]) ?? []).filter(isLocalAct);
      const merged = open.reduce(withAct, ours);
      return since(place).reduce((now, event) => actsAfter(now, chatId, event), merged);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

function keep(cache: QueryClient, act: Act): void {
  cache.setQueryData(acts(act.chat_id).queryKey, (seen) => withAct(seen ?? [], act));
}

/** Whether the server does not know the act, or did not tell so yet. */
export const isLocalAct = (act: Act): boolean => act.id.startsWith("local_");

/** Whether a failed act never got an answer; it is repeated with its own key, all others get a new one. */
export function mayRepeatActKey(act: Act): boolean {
  return isLocalAct(act) && (act.reason === "offline" || act.reason === "slice_unavailable");
}

export interface Asked {
  chatId: string;
  messageId: string;
  wish: Wish;
  key: string;
}

/** An act shown at once as on its way, before the server has it. */
function optimistic({ chatId, messageId, wish, key }: Asked): Act {
  return {
    id: `local_${key}`,
    chat_id: chatId,
    message_id: messageId,
    client_key: key,
    wish,
    state: "queued",
    created_at: new Date(serverNow()).toISOString(),
  };
}

function isUnclear(error: unknown): boolean {
  return error instanceof Problem && (error.code === "offline" || error.code === "slice_unavailable");
}

/** Asks for an act; the key makes a repeated request the same request. */
export function useAsk() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ messageId, wish, key }: Asked) =>
      json<Act>("POST", `${messagePath(messageId)}/acts`, { body: wish, idempotencyKey: key }),
    retry: (count, error) => isUnclear(error) && count < 4,
    onMutate: (asked) => keep(cache, optimistic(asked)),
    onSuccess: (act) => {
      // The stream may have been quicker, with a later state: then only the page's own line goes.
      cache.setQueryData(acts(act.chat_id).queryKey, (seen) =>
        seen?.some((one) => one.id === `local_${act.client_key}`) ? withAct(seen, act) : seen,
      );
    },
    onError: (error, asked) => {
      const reason = error instanceof Problem ? error.code : "internal";
      keep(cache, { ...optimistic(asked), state: "failed", reason });
    },
  });
}

/** Takes back what waits, or takes what failed off the screen. */
export function useDropAct() {
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: (act: Act) => json<Act>("POST", `${actPath(act.id)}/cancel`),
    onSuccess: (act) => keep(cache, act),
  });
  return (act: Act): void => {
    if (isLocalAct(act)) keep(cache, { ...act, state: "canceled" });
    else cancel.mutate(act);
  };
}

/** A person says what became of an uncertain act. */
export function useResolveAct() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ act, outcome }: { act: Act; outcome: "done" | "not_done" }) =>
      json<Act>("POST", `${actPath(act.id)}/resolve`, { body: { outcome } }),
    onSuccess: (act) => keep(cache, act),
  });
}
