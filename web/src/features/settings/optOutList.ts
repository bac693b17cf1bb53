// Who does not want to be written to, as a list and as a file, out and in.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { done, json } from "#/api/client";
import { Problem } from "#/api/errors";
import type { ImportedOptOuts, OptOutFile, OptOutList } from "#/api/types";

/** What the server takes, in bytes. */
export const mostBytes = 512 * 1024;

export const optOutList = () =>
  queryOptions({
    queryKey: ["opt-outs"],
    queryFn: ({ signal }) => json<OptOutList>("GET", "/api/opt-outs", { signal }),
  });

/** Fetches the file of all; the server keeps who did. */
export function useOptOutFile() {
  return useMutation({ mutationFn: () => json<OptOutFile>("GET", "/api/opt-outs/file") });
}

/** A list to be looked at, or to be taken in. */
export interface OptOutImport {
  bytes: Uint8Array;
  preview: boolean;
}

export function useImportOptOuts() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ bytes, preview }: OptOutImport) => {
      if (bytes.length > mostBytes) throw new Problem("too_large", 413);
      return json<ImportedOptOuts>("POST", "/api/opt-outs/import", { body: { file: base64(bytes), preview } });
    },
    onSuccess: (told) => (told.preview ? undefined : cache.invalidateQueries({ queryKey: optOutList().queryKey })),
  });
}

/** A number with which there is no chat may be written to again. */
export function useLiftNumber() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (phone: string) => done("POST", "/api/opt-outs/lift", { body: { phone } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: optOutList().queryKey }),
  });
}

/** Bytes as the server takes them. */
export function base64(bytes: Uint8Array): string {
  const piece = 8_192;
  let text = "";
  for (let at = 0; at < bytes.length; at += piece) text += String.fromCharCode(...bytes.subarray(at, at + piece));
  return btoa(text);
}

/** The file's name: what it is, and the day. */
export const fileName = (now: number): string => `opt-outs-${new Date(now).toISOString().slice(0, 10)}.csv`;

/** Hands a text over as a file. */
export function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it once the click is over; not all of them when it returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Whether taking a list in would change anything. */
export const changesSomething = (told: ImportedOptOuts): boolean => told.chats_total + told.numbers > 0;
