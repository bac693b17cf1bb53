// Which conversations are one person, may be, or are said not to be; and a person's say in it.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { chatPath, json } from "#/api/client";
import type { Join, JoinList } from "#/api/types";

export const joins = (chatId: string) =>
  queryOptions({
    queryKey: ["joins", chatId],
    queryFn: async ({ signal }) => (await json<JoinList>("GET", `${chatPath(chatId)}/joins`, { signal })).joins,
    // An event says when it is old.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Says that two conversations are one person, or two. */
export function useSay(chatId: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ join, say }: { join: string; say: "one" | "two" }) =>
      json<Join>("POST", `${chatPath(chatId)}/joins/${join}`, { body: { say } }),
    onSettled: () => cache.invalidateQueries({ queryKey: joins(chatId).queryKey }),
  });
}

/** The conversation that a joined one became; null if it became none. */
export function becomes(known: readonly Join[], chatId: string): string | null {
  return known.find((join) => join.state === "joined" && join.from_chat === chatId)?.into_chat ?? null;
}

const evidenceWords: Record<Join["evidence"], string> = {
  messages: "joins.because_messages",
  number: "joins.because_number",
  address: "joins.because_address",
  name: "joins.because_name",
};

/** Why two conversations were joined, as the name of the words that say so. */
export function reasonOf(join: Pick<Join, "by_person" | "evidence">): string {
  return join.by_person ? "joins.because_person" : evidenceWords[join.evidence];
}
