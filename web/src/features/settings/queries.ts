// What a person can set.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { done, json } from "#/api/client";
import type { ReadingMode, ReadingModeSetting } from "#/api/types";

export const readingMode = () =>
  queryOptions({
    queryKey: ["reading-mode"],
    queryFn: ({ signal }) => json<ReadingModeSetting>("GET", "/api/settings/reading-mode", { signal }),
  });

/** Changes the reading mode; the server keeps who and when. */
export function useSetReadingMode() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reading_mode: ReadingMode) => done("PUT", "/api/settings/reading-mode", { body: { reading_mode } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: readingMode().queryKey }),
  });
}

/** Saves the language with the account. */
export function useSetLocale() {
  return useMutation({ mutationFn: (locale: string) => done("PUT", "/auth/me", { body: { locale } }) });
}
