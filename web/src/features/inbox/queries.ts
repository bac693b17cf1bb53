// The inbox's part of the query cache, and what can be done to it.
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { chatPath, done, json, mediaPath, outgoingPath } from "#/api/client";
import { Problem } from "#/api/errors";
import { mark, since } from "#/api/journal";
import type {
  Activity,
  ChatHistory,
  ChatList,
  Gap,
  MessageKind,
  MessagePage,
  OlderAnswer,
  Outgoing,
  OutgoingFile,
  OutgoingList,
  ReplyTo,
} from "#/api/types";
import { uploadFile } from "#/api/upload";
import { chatsAfter, gapsAfter, outgoingAfter, pageAfter, withOutgoing } from "#/features/inbox/after";
import { giveBack } from "#/features/inbox/drafts";
import { dropFile, localFile, moveFile, noteShare } from "#/features/inbox/localFiles";
import { serverNow } from "#/lib/clock";

/** A page of messages; fewer would make scrolling stutter, many more would slow the first look. */
const pageSize = 50;
/** An answer is only refetched when the stream says so. */
const staleTime = Number.POSITIVE_INFINITY;

export const chats = () =>
  queryOptions({
    queryKey: ["chats"],
    queryFn: async ({ signal }) => {
      const place = mark();
      const { chats: listed } = await json<ChatList>("GET", "/api/chats", { signal });
      return since(place).reduce(chatsAfter, listed);
    },
    staleTime,
    retry: (count, error) => !(error instanceof Problem && error.code === "no_slice") && count < 5,
  });

export const messages = (chatId: string) =>
  infiniteQueryOptions({
    queryKey: ["messages", chatId],
    queryFn: async ({ pageParam, signal }) => {
      const place = mark();
      const before = pageParam === null ? "" : `&before=${encodeURIComponent(pageParam)}`;
      const page = await json<MessagePage>("GET", `${chatPath(chatId)}/messages?limit=${pageSize}${before}`, {
        signal,
      });
      return since(place).reduce((now, event) => pageAfter(now, chatId, pageParam === null, event), page);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.more ? (page.messages[0]?.order_key ?? null) : null),
    staleTime,
  });

export const outgoing = (chatId: string) =>
  queryOptions({
    queryKey: ["outgoing", chatId],
    queryFn: async ({ signal, client }) => {
      const place = mark();
      const { outgoing: open } = await json<OutgoingList>("GET", `${chatPath(chatId)}/outgoing`, {
        signal,
      });
      // Lines that only this page knows: on their way to the server, or refused by it.
      const seen = client.getQueryData<Outgoing[]>(["outgoing", chatId]) ?? [];
      const ours = seen.filter(isLocal);
      const merged = open.reduce(withOutgoing, ours);
      return since(place).reduce((now, event) => outgoingAfter(now, chatId, event), merged);
    },
    staleTime,
  });

/** Figures and gaps of a chat's past; the figures are as of the latest fetch, the gaps as of the latest event. */
export const history = (chatId: string) =>
  queryOptions({
    queryKey: ["history", chatId],
    queryFn: async ({ signal }) => {
      const place = mark();
      const told = await json<ChatHistory>("GET", `${chatPath(chatId)}/history`, { signal });
      const gaps = since(place).reduce((now, event) => gapsAfter(now, chatId, event), told.gaps);
      return { ...told, gaps };
    },
    staleTime,
  });

/** What of the past is being read now; filled by the stream's snapshots only. */
export const activity = () =>
  queryOptions<Activity | null>({
    queryKey: ["activity"],
    queryFn: () => null,
    enabled: false,
    staleTime,
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Fetches everything on screen again and drops the rest: events may have been missed. */
export function refetchInbox(cache: QueryClient): void {
  for (const queryKey of [["chats"], ["messages"], ["outgoing"], ["acts"], ["history"], ["contact"], ["joins"]]) {
    cache.removeQueries({ queryKey, type: "inactive" });
    void cache.invalidateQueries({ queryKey });
  }
}

function keep(cache: QueryClient, line: Outgoing): void {
  cache.setQueryData(outgoing(line.chat_id).queryKey, (seen) => withOutgoing(seen ?? [], line));
}

function unlist(cache: QueryClient, line: Outgoing): void {
  cache.setQueryData(outgoing(line.chat_id).queryKey, (seen) => seen?.filter((one) => one.id !== line.id));
}

export interface Draft {
  chatId: string;
  text: string;
  key: string;
  /** What it carries: here under its key, or at the server under its id. */
  file?: OutgoingFile | undefined;
  replyTo?: ReplyTo | undefined;
}

/** Whether the server does not know the line, or did not tell so yet. */
export const isLocal = (line: Outgoing): boolean => line.id.startsWith("local_");

/** A line shown at once, before the server has it. */
function optimistic({ chatId, text, key, file, replyTo }: Draft): Outgoing {
  return {
    id: `local_${key}`,
    chat_id: chatId,
    client_key: key,
    text,
    ...(file && { file: { ...file } }),
    ...(replyTo && { reply_to: replyTo }),
    state: "queued",
    created_at: new Date(serverNow()).toISOString(),
  };
}

/** What a file looks like before the server has said what it is. */
export function fileOf(file: File): OutgoingFile {
  const kind: MessageKind = /^(image|video)\//.test(file.type)
    ? file.type.startsWith("image/")
      ? "image"
      : "video"
    : "document";
  return { kind, name: file.name };
}

/** The last file of each chat that was begun: they go out in the order in which they were chosen. */
const turns = new Map<string, Promise<unknown>>();

function inTurn<T>(chatId: string, job: () => Promise<T>): Promise<T> {
  const mine = (turns.get(chatId) ?? Promise.resolve()).then(job, job);
  turns.set(chatId, mine);
  return mine;
}

/** Hands the file over, if the server does not have it, and then the message; the key makes a repetition the same. */
async function handOver({ chatId, text, key, file, replyTo }: Draft): Promise<Outgoing> {
  let id = file?.id;
  const here = localFile(key);
  if (file && here && !id) {
    const uploading = uploadFile(here.file, (share) => noteShare(key, share, uploading.stop));
    noteShare(key, 0, uploading.stop);
    id = (await uploading.done.finally(() => noteShare(key, null, null))).id;
    file.id = id;
  }
  // Taken back before its turn came.
  if (file && !id) throw new Problem("stopped", 0);
  return json<Outgoing>("POST", `${chatPath(chatId)}/messages`, {
    body: { text, ...(id && { file: id }), ...(replyTo && { reply_to: replyTo.message_id }) },
    idempotencyKey: key,
  });
}

/** Whether the same request may simply be repeated: its key makes that safe. */
function isUnclear(error: unknown): boolean {
  return error instanceof Problem && (error.code === "offline" || error.code === "slice_unavailable");
}

/** Hands a message over; the key makes a repeated request the same request. */
export function useSend() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) => (draft.file ? inTurn(draft.chatId, () => handOver(draft)) : handOver(draft)),
    retry: (count, error) => isUnclear(error) && count < 4,
    onMutate: (draft) => keep(cache, optimistic(draft)),
    onSuccess: (line) => {
      // The stream may have been quicker, with a later state.
      const seen = cache.getQueryData(outgoing(line.chat_id).queryKey);
      if (!seen?.some((one) => one.id === line.id)) keep(cache, line);
      dropFile(line.client_key);
    },
    onError: (error, draft) => {
      const reason = error instanceof Problem ? error.code : "internal";
      if (reason === "stopped") return;
      keep(cache, { ...optimistic(draft), state: "failed", reason });
    },
  });
}

/** Whether a failed line never got an answer; it is repeated with its own key, all others get a new one. */
export function mayRepeatKey(line: Outgoing): boolean {
  return isLocal(line) && (line.reason === "offline" || line.reason === "slice_unavailable");
}

/** Takes a failed line off the screen, and off the server's list if it is there. */
export function useDismiss() {
  const cache = useQueryClient();
  const cancel = useCancelOutgoing({ returns: false });
  return (line: Outgoing): void => {
    unlist(cache, line);
    dropFile(line.client_key);
    if (!isLocal(line)) cancel.mutate(line);
  };
}

/** Sends a failed line anew. */
export function useSendAgain() {
  const cache = useQueryClient();
  const send = useSend();
  const cancel = useCancelOutgoing({ returns: false });
  return (line: Outgoing): void => {
    // Without an answer the same key keeps the repetition from becoming a second message.
    const key = mayRepeatKey(line) ? line.client_key : crypto.randomUUID();
    moveFile(line.client_key, key);
    unlist(cache, line);
    if (!isLocal(line)) cancel.mutate(line);
    send.mutate({
      chatId: line.chat_id,
      text: line.text,
      key,
      file: line.file ?? undefined,
      replyTo: line.reply_to ?? undefined,
    });
  };
}

/** `returns` puts the text back into the composer, for a message that was taken back to be changed. */
export function useCancelOutgoing({ returns }: { returns: boolean }) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (line: Outgoing) => json<Outgoing>("POST", `${outgoingPath(line.id)}/cancel`),
    onSuccess: (line) => {
      if (returns && line.text !== "") giveBack(line);
      keep(cache, line);
    },
  });
}

/** A person says what became of an uncertain message. */
export function useResolveOutgoing() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ line, outcome }: { line: Outgoing; outcome: "sent" | "not_sent" }) =>
      json<Outgoing>("POST", `${outgoingPath(line.id)}/resolve`, { body: { outcome } }),
    onSuccess: (line, { outcome }) => {
      // Nothing is sent again by itself, but what was written must not be lost.
      if (outcome === "not_sent" && line.text !== "") giveBack(line);
      keep(cache, line);
    },
  });
}

/** Asks for older messages, from WhatsApp or the phone; they arrive as events, the answer says what came of it. */
export function useLoadOlder() {
  return useMutation({ mutationFn: (chatId: string) => json<OlderAnswer>("POST", `${chatPath(chatId)}/older`) });
}

/** Asks for a gap to be tried at once; what comes of it is told by an event. */
export function useRetryGap() {
  return useMutation({
    mutationFn: (gap: Gap) => done("POST", `${chatPath(gap.chat_id)}/gaps/${encodeURIComponent(gap.id)}/retry`),
  });
}

/** Asks for a file once more that could not be had; that it comes is told by an event. */
export function useRetryMedia() {
  return useMutation({ mutationFn: (mediaId: string) => done("POST", `${mediaPath(mediaId)}/retry`) });
}
