// Which sign a message of ours carries.
import type { Ack, Outgoing } from "#/api/types";
import { isLocal } from "#/features/inbox/queries";
import type { Tick } from "#/ui/Ticks";

export const tickWords: Record<Tick, string> = {
  pending: "tick.pending",
  sent: "tick.sent",
  delivered: "tick.delivered",
  read: "tick.read",
  played: "tick.played",
};

/** The sign of a stored message; none when the page showed none. */
export function tickOf(direction: "in" | "out" | "unknown", ack: Ack | null | undefined): Tick | null {
  return direction === "out" ? (ack ?? null) : null;
}

export type Stage = "sending" | "cancelable" | "sent" | "uncertain" | "failed";

/** What a person may know and do about a message on its way. */
export function stageOf(line: Outgoing): Stage {
  switch (line.state) {
    case "queued":
    case "leased":
      return isLocal(line) ? "sending" : "cancelable";
    case "composing":
    case "intent":
      return "sending";
    case "sent":
      return "sent";
    case "uncertain":
      return "uncertain";
    case "failed":
    case "canceled":
      return "failed";
  }
}
