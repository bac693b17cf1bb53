// Tells the slice that somebody works in this window, so that nothing is read by itself under their hands.
import { useEffect } from "react";
import { done } from "#/api/client";

/** A touch counts for 15 s; one that is told three times as often is never forgotten in between. */
const tellMs = 5_000;

const touches = ["pointerdown", "pointermove", "keydown", "wheel", "focus"] as const;

/** Watches for touches while `enabled`. */
export function usePresence(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return;
    const window = crypto.randomUUID();
    let told = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const tell = (working: boolean): void => {
      clearTimeout(timer);
      timer = undefined;
      told = working ? performance.now() : Number.NEGATIVE_INFINITY;
      // What is not told now is told with the next touch.
      done("POST", "/api/status/presence", { body: { window, working }, keepalive: !working }).catch(() => undefined);
    };
    const touch = (): void => {
      if (document.visibilityState !== "visible" || timer !== undefined) return;
      const wait = told + tellMs - performance.now();
      if (wait <= 0) tell(true);
      else timer = setTimeout(() => tell(true), wait);
    };
    const leave = (): void => {
      if (timer !== undefined || told > Number.NEGATIVE_INFINITY) tell(false);
    };
    const follow = (): void => (document.visibilityState === "visible" ? touch() : leave());

    follow();
    for (const name of touches) globalThis.addEventListener(name, touch, { passive: true, capture: true });
    document.addEventListener("visibilitychange", follow);
    globalThis.addEventListener("pagehide", leave);
    globalThis.addEventListener("pageshow", follow);
    return () => {
      for (const name of touches) globalThis.removeEventListener(name, touch, { capture: true });
      document.removeEventListener("visibilitychange", follow);
      globalThis.removeEventListener("pagehide", leave);
      globalThis.removeEventListener("pageshow", follow);
      leave();
    };
  }, [enabled]);
}
