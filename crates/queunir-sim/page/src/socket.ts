// The line to the server: one WebSocket that comes back by itself.
import type { FromServer, ToServer } from "./protocol.ts";

/** What the session needs from a line; the development server in the page has one too. */
export interface Line {
  send(message: ToServer): boolean;
}

export interface LineEvents {
  opened(): void;
  message(message: FromServer): void;
  closed(): void;
}

/** Long enough not to hammer a server that restarts, short enough that nobody waits. */
const RECONNECT_MS = 1000;

/** Opens the line and keeps it open. */
export function connect(events: LineEvents): Line {
  let socket: WebSocket | null = null;

  const open = (): void => {
    const url = new URL("/_ws", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const next = new WebSocket(url);
    socket = next;
    next.addEventListener("open", () => events.opened());
    next.addEventListener("message", (event) => {
      const message = parse(event.data);
      if (message) events.message(message);
    });
    next.addEventListener("close", () => {
      if (socket !== next) return;
      socket = null;
      events.closed();
      setTimeout(open, RECONNECT_MS);
    });
  };
  open();

  return {
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}

function parse(data: unknown): FromServer | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && "type" in value ? (value as FromServer) : null;
  } catch {
    return null;
  }
}
