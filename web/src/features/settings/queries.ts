// What a person can set.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { done, json } from "#/api/client";
import type { FirstContacts, OptOutWords, ReadingMode, ReadingModeSetting } from "#/api/types";

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

export const firstContactsSetting = () =>
  queryOptions({
    queryKey: ["first-contacts"],
    queryFn: ({ signal }) => json<FirstContacts>("GET", "/api/settings/first-contacts", { signal }),
  });

/** Changes how many people who never wrote may be written to in a day. */
export function useSetFirstContacts() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (per_day: number) => done("PUT", "/api/settings/first-contacts", { body: { per_day } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: firstContactsSetting().queryKey }),
  });
}

export const optOutWordsSetting = () =>
  queryOptions({
    queryKey: ["opt-out-words"],
    queryFn: ({ signal }) => json<OptOutWords>("GET", "/api/settings/opt-out-words", { signal }),
  });

/** Changes the words by which an opt-out is suggested. */
export function useSetOptOutWords() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (lines: string) =>
      json<OptOutWords>("PUT", "/api/settings/opt-out-words", { body: { words: lines.split("\n") } }),
    onSuccess: (saved) => cache.setQueryData(optOutWordsSetting().queryKey, saved),
  });
}

/** Saves the language with the account. */
export function useSetLocale() {
  return useMutation({ mutationFn: (locale: string) => done("PUT", "/auth/me", { body: { locale } }) });
}
