// Whether a chat's past is being read now, and how far it is.
import { useQuery } from "@tanstack/react-query";
import type { Activity } from "#/api/types";
import { activity } from "#/features/inbox/queries";

type Loading = Activity["loading"][number];

/** The reading of a chat for a reason; null when there is none. */
export function useLoading(chatId: string, reason: Loading["reason"]): Loading | null {
  const now = useQuery(activity()).data;
  return now?.loading.find((one) => one.chat_id === chatId && one.reason === reason) ?? null;
}
