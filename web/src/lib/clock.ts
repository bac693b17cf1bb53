// The server's time: countdowns and timers must not depend on a wrong clock of the viewer.
import { useEffect, useState } from "react";

let skewMs = 0;

/** Learns from a response's `Date` header; it has whole seconds only, so small differences say nothing. */
export function learnServerTime(date: string | null, localNow: number): void {
  const server = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const difference = server - localNow;
  skewMs = Math.abs(difference) < 2_500 ? 0 : difference;
}

/** The present moment as the server sees it, in milliseconds. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

/** The server's time, refreshed every `periodMs` while the component is shown. */
export function useNow(periodMs: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
  return now;
}
