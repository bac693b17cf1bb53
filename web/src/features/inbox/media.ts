// What is to be seen of a file: pure rules, so that the place it takes is known before it comes.
import { mediaPath } from "#/api/client";
import type { Media, MessageKind } from "#/api/types";

export type Look = "picture" | "audio" | "video" | "file" | "loading" | "absent";

const widest = 330;
const highest = 400;
const stickerSide = 160;

/** How a file is shown. */
export function lookOf(media: Media, kind: MessageKind): Look {
  const { file, state } = media;
  if (!file) return state === "wanted" ? "loading" : "absent";
  if (file.thumbnail === "made") return "picture";
  if (file.content_type.startsWith("audio/") && isWhole(media)) return "audio";
  if (file.content_type.startsWith("video/") && isWhole(media)) return "video";
  return isWhole(media) || kind === "document" ? "file" : "absent";
}

/** Whether the file itself is here, and not a preview of it. */
export function isWhole({ state }: Media): boolean {
  return state === "stored";
}

/** The box of a picture in CSS pixels, of the picture's own shape; four to three while the shape is not known. */
export function boxOf(media: Media, kind: MessageKind): { width: number; height: number } {
  const shape = kind === "sticker" ? { width: 1, height: 1 } : { width: 4, height: 3 };
  const width = media.file?.width ?? shape.width;
  const height = media.file?.height ?? shape.height;
  const most = kind === "sticker" ? { width: stickerSide, height: stickerSide } : { width: widest, height: highest };
  const scale = Math.min(most.width / width, most.height / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(32, Math.round(height * scale)) };
}

/** The address of the file itself; it names the content, so the browser may keep it. */
export function fileAddress({ id, file }: Media): string {
  return `${mediaPath(id)}?v=${encodeURIComponent(file?.version ?? "")}`;
}

/** The address of its small picture. */
export function thumbnailAddress({ id, file }: Media): string {
  return `${mediaPath(id)}/thumbnail?v=${encodeURIComponent(file?.version ?? "")}`;
}

/** What is said of a file that is not there, or not whole; nothing when there is nothing to say. */
export function noteOf(media: Media, kind: MessageKind): string | null {
  switch (media.state) {
    case "wanted":
    case "stored":
      return null;
    case "preview":
      return "media.preview";
    case "too_large":
      return "media.too_large";
    case "no_room":
      return "media.no_room";
    case "failed":
      return "media.failed";
    case "not_shown":
      return kind === "voice" || kind === "audio" ? "media.listen" : "media.not_shown";
  }
}

/** Whether it makes sense to ask for it again. */
export function mayRetry({ state }: Media): boolean {
  return state === "failed" || state === "no_room";
}
