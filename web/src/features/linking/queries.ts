// The connection's part of the query cache, and what can be done to it.
import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { done, json } from "#/api/client";
import { Problem } from "#/api/errors";
import { useRecently } from "#/api/recently";
import type {
  AccountAnswer,
  Collection,
  Config,
  Link,
  LinkHistory,
  ReaderRecords,
  ReadingMode,
  SliceView,
  Trouble,
} from "#/api/types";
import { type Shown, shownPhase } from "#/features/linking/phase";

/** Version of the consent text that the person accepts; the server stores it with the time. */
export const consentVersion = "2026-11";

export const slice = () =>
  queryOptions({
    queryKey: ["slice"],
    queryFn: ({ signal }) => json<SliceView>("GET", "/api/connection", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Filled by the stream's snapshots only. */
export const link = () =>
  queryOptions<Link | null>({
    queryKey: ["link"],
    queryFn: () => null,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });

/** How far reading the past by itself is; the stream's snapshots follow. */
export const collection = () =>
  queryOptions({
    queryKey: ["collection"],
    queryFn: ({ signal }) => json<Collection>("GET", "/api/settings/collection", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Pauses reading the past, or lets it go on and try again what failed; the server keeps who and when. */
export function usePauseCollection() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (paused: boolean) => json<Collection>("PUT", "/api/settings/collection", { body: { paused } }),
    onSuccess: (now) => cache.setQueryData(collection().queryKey, now),
  });
}

export const config = () =>
  queryOptions({
    queryKey: ["config"],
    queryFn: ({ signal }) => json<Config>("GET", "/api/config", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Times in which the link was not good, newest first. */
export const history = () =>
  infiniteQueryOptions({
    queryKey: ["link-history"],
    queryFn: ({ pageParam, signal }) =>
      json<LinkHistory>("GET", `/api/status/history${pageParam === null ? "" : `?before=${pageParam}`}`, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.complete ? null : (last.spans.at(-1)?.id ?? null)),
    refetchOnMount: "always",
  });

/** Records of what the page was built of; asked anew when what is missed changes. */
export const readerRecords = (missed: string[]) =>
  queryOptions({
    queryKey: ["reader-records", missed],
    queryFn: ({ signal }) => json<ReaderRecords>("GET", "/api/reader/records", { signal }),
    // The record is taken beside the alarm and may be a moment later.
    refetchInterval: ({ state }) => (state.data?.records.length ? false : 3_000),
  });

export interface Connection {
  shown: Shown;
  /** What is wrong with the service itself. */
  trouble: Trouble | null;
  link: Link | null;
  slice: SliceView | null;
}

/** The connection as it is shown now. */
export function useConnection(): Connection {
  const view = useQuery(slice()).data ?? null;
  const page = useQuery(link()).data ?? null;
  return { shown: shownPhase(view, page), trouble: view?.trouble ?? null, link: page, slice: view };
}

export interface ConnectAnswers {
  reading_mode?: ReadingMode;
  accepted?: string;
}

/** Wants a linked slice. A full host that kept the wish is no failure: the place in its queue is shown. */
async function wantLinked(answers: ConnectAnswers): Promise<void> {
  try {
    await done("POST", "/api/connect", { body: answers });
  } catch (error) {
    if (!(error instanceof Problem && error.code === "host_full" && error.queued)) throw error;
  }
}

/** Asks for a linked slice; the phases then arrive over the stream. */
export function useConnect() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: wantLinked,
    onSuccess: () => cache.invalidateQueries({ queryKey: slice().queryKey }),
  });
}

/** Gives the attempt up and goes back to the setup. */
export function useStartOver() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => done("POST", "/api/connection/cancel"),
    onSuccess: () => cache.invalidateQueries({ queryKey: slice().queryKey }),
  });
}

/** Asks for new codes: the page's own reload where it waits, a new start where the browser has ended. */
export function useRetry() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (cache.getQueryData(link().queryKey)?.state !== "qr_timeout") {
        await wantLinked({});
      }
      try {
        await done("POST", "/api/status/retry");
      } catch (error) {
        // A slice that is still starting shows fresh codes by itself.
        const starting = error instanceof Problem && (error.code === "slice_unavailable" || error.code === "no_slice");
        if (!starting) throw error;
      }
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: slice().queryKey }),
  });
}

/** Asks for characters to type on the phone that has this number. */
export function usePairing() {
  return useMutation({ mutationFn: (phone: string) => done("POST", "/api/status/pairing", { body: { phone } }) });
}

/** Goes back to QR codes. */
export function useUnpair() {
  return useMutation({ mutationFn: () => done("POST", "/api/status/pairing/cancel") });
}

/** Ends the link; what is stored stays. */
export function useDisconnect() {
  const recently = useRecently();
  return useMutation({ mutationFn: () => recently(() => done("POST", "/api/status/disconnect")) });
}

/** Ends the link and erases everything; the person has confirmed it. */
export function useWipe() {
  const recently = useRecently();
  return useMutation({
    mutationFn: () => recently(() => done("POST", "/api/status/wipe", { body: { confirm: "erase" } })),
  });
}

/** Says what becomes of the stored data of another account. */
export function useAnswerAccount() {
  const recently = useRecently();
  return useMutation({
    mutationFn: (answer: AccountAnswer["answer"]) =>
      recently(() => done("POST", "/api/status/account", { body: { answer } })),
  });
}

/** Goes on here although WhatsApp is open somewhere else. */
export function useUseHere() {
  return useMutation({ mutationFn: () => done("POST", "/api/status/use-here") });
}
