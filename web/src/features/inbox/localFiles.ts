// Files on their way from this page to the server: what is known of them here and nowhere else, by the line's key.
import { useSyncExternalStore } from "react";

export interface LocalFile {
  file: File;
  /** For showing it before the server has it. */
  url: string;
  /** The share that has left, from 0 to 1; null before its turn and after its end. */
  share: number | null;
  stop: (() => void) | null;
}

const files = new Map<string, LocalFile>();
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** Keeps a file for a line. */
export function keepFile(key: string, file: File): void {
  files.set(key, { file, url: URL.createObjectURL(file), share: null, stop: null });
  tell();
}

export const localFile = (key: string): LocalFile | undefined => files.get(key);

/** Notes how far it has come, and how to stop it. */
export function noteShare(key: string, share: number | null, stop: (() => void) | null): void {
  const known = files.get(key);
  if (!known) return;
  files.set(key, { ...known, share, stop });
  tell();
}

/** Lets go of a file that nobody needs here any more. */
export function dropFile(key: string): void {
  const known = files.get(key);
  if (!known) return;
  known.stop?.();
  URL.revokeObjectURL(known.url);
  files.delete(key);
  tell();
}

/** Hands a file on to another line, for another try. */
export function moveFile(from: string, to: string): void {
  const known = files.get(from);
  if (!known || from === to) return;
  files.set(to, { ...known, share: null, stop: null });
  files.delete(from);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The file of a line, as far as this page has it. */
export function useLocalFile(key: string): LocalFile | undefined {
  return useSyncExternalStore(subscribe, () => files.get(key));
}

/** Whether leaving the page would lose files that are on their way. */
export const anyUnderWay = (): boolean => [...files.values()].some((one) => one.stop !== null);

if (typeof window !== "undefined")
  window.addEventListener("beforeunload", (event) => {
    if (anyUnderWay()) event.preventDefault();
  });
