// Describes a chosen file for the row and the message, and hands its bytes to the server.
import type { Attach, Media } from "../protocol.ts";
import type { Chosen } from "./attach.ts";

const THUMB = 40;

/** A file that is about to be sent. */
export interface Prepared {
  bytes: Blob;
  attach: Omit<Attach, "upload">;
  media: Media;
}

/** Gives the bytes to the server; their id, or `null` when it did not take them. */
export async function upload(bytes: Blob): Promise<string | null> {
  const response = await fetch("/_upload", { method: "POST", body: bytes }).catch(() => null);
  return response?.ok ? response.text() : null;
}

/** What row and message need to know of a file. */
export async function prepare({ file, kind }: Chosen): Promise<Prepared> {
  const look = kind === "image" ? await measure(file) : { width: null, height: null, thumb: null };
  const name = kind === "document" ? file.name : null;
  const mime = file.type || "application/octet-stream";
  return {
    bytes: file,
    attach: { kind, mime, name, ...look },
    media: {
      url: URL.createObjectURL(file),
      mime,
      bytes: file.size,
      name,
      seconds: null,
      pages: null,
      late: false,
      ...look,
    },
  };
}

async function measure(file: File): Promise<{ width: number | null; height: number | null; thumb: string | null }> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return { width: null, height: null, thumb: null };
  const { width, height } = picture;
  const canvas = document.createElement("canvas");
  canvas.width = THUMB;
  canvas.height = Math.max(1, Math.round((height / width) * THUMB));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { width, height, thumb: canvas.toDataURL("image/jpeg", 0.5) };
}
