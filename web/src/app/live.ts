// Keeps the page equal to the server while somebody is signed in.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { openStream, type StreamState } from "#/api/stream";
import { apply } from "#/app/events";
import { refetchInbox } from "#/features/inbox/queries";
import { slice } from "#/features/linking/queries";
import { me } from "#/features/session/queries";

/** A shorter break is not shown: the browser reconnects by itself, and a flicker would only alarm. */
const showLostAfterMs = 2_500;
/** Several reasons to fetch everything at once are one reason. */
const leastRefetchGapMs = 2_000;

/** Opens the stream; tells whether what is shown is live. */
export function useLive(): boolean {
  const cache = useQueryClient();
  const [live, setLive] = useState(true);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let refetchedAt = Number.NEGATIVE_INFINITY;
    let wasLost = false;

    const state = (now: StreamState): void => {
      clearTimeout(timer);
      if (now === "open") setLive(true);
      else timer = setTimeout(() => setLive(false), showLostAfterMs);
      if (now === "lost" && !wasLost) void cache.invalidateQueries({ queryKey: me().queryKey });
      wasLost = now === "lost";
    };
    const opened = (resumed: boolean): void => {
      void cache.invalidateQueries({ queryKey: slice().queryKey });
      const moment = performance.now();
      if (resumed || moment - refetchedAt < leastRefetchGapMs) return;
      refetchedAt = moment;
      refetchInbox(cache);
    };
    const close = openStream("/api/events", { state, opened, event: (event) => apply(cache, event) });
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [cache]);

  return live;
}
