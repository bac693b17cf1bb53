// Files that were chosen and not sent yet.

export interface Chosen {
  key: string;
  file: File;
  /** For looking at it; let go with the choice. */
  url: string;
  caption: string;
}

/** What can be shown of a file; the browser's own word, the server decides by content. */
export function lookOfChosen({ file }: Pick<Chosen, "file">): "image" | "video" | "file" {
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return "image";
  return /^video\/(mp4|3gpp|quicktime|webm)$/.test(file.type) ? "video" : "file";
}

/** As many as one may send in one go; more would look like a mailing. */
export const mostFiles = 30;

/** The choice with more files, without empty ones; each gets a key of its own. */
export function withFiles(chosen: Chosen[], files: Iterable<File>): Chosen[] {
  const more = [...files].filter((file) => file.size > 0).slice(0, Math.max(0, mostFiles - chosen.length));
  return [
    ...chosen,
    ...more.map((file) => ({ key: crypto.randomUUID(), file, url: URL.createObjectURL(file), caption: "" })),
  ];
}

/** Lets go of what a choice holds. */
export function letGo(chosen: Chosen[]): void {
  for (const one of chosen) URL.revokeObjectURL(one.url);
}

/** The files of a paste or a drop; a picture from the clipboard has no name of its own. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}
