// Tells the slice that a person looks at a chat, and above all when nobody does any more: reading must not betray.
import { useEffect, useState } from "react";
import { chatPath, done, json } from "#/api/client";
import type { Opened } from "#/api/types";

/** The lease lasts 45 s; three renewals fit, so that one lost request does not close the chat. */
const renewMs = 15_000;

/** Keeps the chat open while it is shown in a visible tab and `enabled`; returns why it could not be opened. */
export function useViewer(chatId: string, enabled: boolean): string | null {
  const [refused, setRefused] = useState<string | null>(null);

  useEffect(() => {
    if (!enabled) return;
    const viewer = crypto.randomUUID();
    let timer: ReturnType<typeof setInterval> | undefined;
    let gone = false;

    const open = (): void => {
      json<Opened>("POST", `${chatPath(chatId)}/open`, { body: { viewer } })
        .then((answer) => {
          if (!gone) setRefused(answer.opened ? null : (answer.reason ?? null));
        })
        // The next renewal tries again.
        .catch(() => undefined);
    };
    const close = (): void => {
      done("POST", `${chatPath(chatId)}/close`, { body: { viewer }, keepalive: true }).catch(() => undefined);
    };
    const stop = (): void => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      close();
    };
    const start = (): void => {
      if (timer !== undefined) return;
      open();
      timer = setInterval(open, renewMs);
    };
    const follow = (): void => (document.visibilityState === "visible" ? start() : stop());

    follow();
    document.addEventListener("visibilitychange", follow);
    globalThis.addEventListener("pagehide", stop);
    globalThis.addEventListener("pageshow", follow);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", follow);
      globalThis.removeEventListener("pagehide", stop);
      globalThis.removeEventListener("pageshow", follow);
      stop();
      setRefused(null);
    };
  }, [chatId, enabled]);

  return refused;
}
