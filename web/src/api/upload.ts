// Hands a file over, with word of how far it has come; the one request that `fetch` cannot make.
import { problemFrom } from "#/api/client";
import { Problem } from "#/api/errors";
import type { Upload } from "#/api/types";

export interface Uploading {
  done: Promise<Upload>;
  stop(): void;
}

/** Sends a file's bytes; `tell` hears the share that has left, from 0 to 1. */
export function uploadFile(file: File, tell: (share: number) => void): Uploading {
  const request = new XMLHttpRequest();
  const done = new Promise<Upload>((resolve, reject) => {
    request.open("POST", `/api/media?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-qn", "1");
    request.upload.onprogress = (event) => tell(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 201 && body !== null) resolve(body as unknown as Upload);
      else reject(problemFrom(request.status, request.getResponseHeader("retry-after"), body));
    };
    request.onerror = () => reject(new Problem("offline", 0));
    request.onabort = () => reject(new Problem("stopped", 0));
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
