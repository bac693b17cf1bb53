// The one live connection: events in order, resumed by the browser itself, reopened by us when the browser gives up.
import type { EventName, ServerEvent } from "#/api/types";

export type StreamState = "connecting" | "open" | "lost";

export interface StreamHandlers {
  /** `resumed` is false when events may have been missed: everything on screen must be fetched again. */
  opened(resumed: boolean): void;
  event(event: ServerEvent): void;
  state(state: StreamState): void;
}

const names: Record<EventName, true> = {
  "message.stored": true,
  "message.updated": true,
  "message.removed": true,
  "chat.updated": true,
  "outgoing.updated": true,
  "act.updated": true,
  "gap.updated": true,
  "contact.updated": true,
  slice: true,
  link: true,
  activity: true,
  collection: true,
  reset: true,
};

/** Shorter would hammer a gateway that restarts; longer would leave people waiting. */
const firstWaitMs = 1_000;
const longestWaitMs = 20_000;

function parsed(text: string, name: string): ServerEvent | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    return { ...value, type: name } as ServerEvent;
  } catch {
    return null;
  }
}

/** Opens the stream; returns the function that closes it. */
export function openStream(url: string, handlers: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstWaitMs;
  let closed = false;

  const open = (): void => {
    let sawStored = false;
    const mine = new EventSource(url);
    source = mine;
    mine.onopen = () => {
      wait = firstWaitMs;
      handlers.state("open");
      handlers.opened(sawStored);
    };
    mine.onerror = () => {
      if (closed || source !== mine) return;
      handlers.state("lost");
      if (mine.readyState !== EventSource.CLOSED) return;
      mine.close();
      timer = setTimeout(open, wait);
      wait = Math.min(longestWaitMs, wait * 2);
    };
    for (const name of Object.keys(names)) {
      mine.addEventListener(name, (message: MessageEvent<string>) => {
        if (closed) return;
        if (message.lastEventId !== "") sawStored = true;
        const event = parsed(message.data, name);
        if (event) handlers.event(event);
        // Without a number the gateway could not resume at the slice: its first word may come after missed events.
        if (name === "link" && !sawStored) handlers.opened(false);
      });
    }
  };

  // A connection that the network lost without a word looks open for minutes, so its fate is not waited for.
  const cutOff = (): void => handlers.state("lost");
  const wakeUp = (): void => {
    clearTimeout(timer);
    source?.close();
    open();
  };

  handlers.state("connecting");
  open();
  globalThis.addEventListener("offline", cutOff);
  globalThis.addEventListener("online", wakeUp);
  return () => {
    closed = true;
    clearTimeout(timer);
    globalThis.removeEventListener("offline", cutOff);
    globalThis.removeEventListener("online", wakeUp);
    source?.close();
  };
}
