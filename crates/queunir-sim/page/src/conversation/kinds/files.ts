// Fetches the files of messages, once per document, and keeps them as `blob:` addresses that die with it.
import type { Media } from "../../protocol.ts";

export type FileState = { at: "idle" } | { at: "pending" } | { at: "ready"; url: string } | { at: "missing" };

const states = new Map<string, FileState>();

/** What is known of a file now. */
export function stateOf(media: Media): FileState {
  if (media.late) return { at: "missing" };
  // What this page sends itself is here already.
  if (media.url.startsWith("blob:")) return { at: "ready", url: media.url };
  return states.get(media.url) ?? { at: "idle" };
}

/** Fetches a file unless it is here or coming; `changed` is called when there is something new to draw. */
export async function load(media: Media, changed: () => void): Promise<void> {
  const { at } = stateOf(media);
  if (media.late || at === "pending" || at === "ready") return;
  states.set(media.url, { at: "pending" });
  const blob = await download(media);
  states.set(media.url, blob ? { at: "ready", url: URL.createObjectURL(blob) } : { at: "missing" });
  changed();
}

/** Fetches a file that was never asked for; one that did not come is fetched again only when a person asks. */
export function loadOnce(media: Media, changed: () => void): void {
  if (stateOf(media).at === "idle") void load(media, changed);
}

async function download(media: Media): Promise<Blob | null> {
  try {
    const response = await fetch(media.url);
    if (!response.ok) return null;
    return new Blob([await response.arrayBuffer()], { type: media.mime });
  } catch {
    return null;
  }
}

/** `12 kB`, as the page writes sizes. */
export function sizeText(bytes: number): string {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(bytes >= 10_000_000 ? 0 : 1)} MB`;
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** `0:14` or `1:02:03`. */
export function durationText(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}
