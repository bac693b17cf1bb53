// Hands a chosen file to the server and describes it for the row and the message.
import type { Attach, Media } from "../protocol.ts";
import type { Chosen } from "./attach.ts";

const THUMB = 40;

export interface Uploaded {
  attach: Attach;
  media: Media;
}

/** Uploads a file; `null` when the server did not take it. */
export async function upload({ file, kind }: Chosen): Promise<Uploaded | null> {
  const look = kind === "image" ? await measure(file) : { width: null, height: null, thumb: null };
  const response = await fetch("/_upload", { method: "POST", body: file }).catch(() => null);
  if (!response?.ok) return null;
  const id = await response.text();
  const name = kind === "document" ? file.name : null;
  const mime = file.type || "application/octet-stream";
  return {
    attach: { upload: id, kind, mime, name, ...look },
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
