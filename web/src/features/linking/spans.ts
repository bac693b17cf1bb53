// The words of a time without a connection.
import type { Condition, LinkSpan } from "#/api/types";
import { clockTime, dayKey, moment, shortMoment } from "#/lib/time";
import type { Say } from "#/lib/words";

/** `21 Nov 14:02–14:20`, with the second day where it is another one, or since when it lasts. */
export function spanTimes(say: Say, span: Pick<LinkSpan, "began_at" | "ended_at">, locale: string): string {
  const from = moment(span.began_at) ?? 0;
  const to = moment(span.ended_at);
  if (to === null) return say("span.since", { time: shortMoment(from, locale) });
  const end = dayKey(from) === dayKey(to) ? clockTime(to, locale) : shortMoment(to, locale);
  return `${shortMoment(from, locale)}–${end}`;
}

/** Which text names what it was. */
export const spanWords: Record<Condition, string> = {
  connected: "condition.connected",
  deaf: "span.deaf",
  unknown: "span.unknown",
  disconnected: "span.disconnected",
};

const reasons: Record<string, string> = {
  not_running: "span_reason.not_running",
  starting: "span_reason.not_running",
  syncing: "span_reason.not_running",
  offline: "span_reason.offline",
  conflict: "span_reason.conflict",
  linked: "span_reason.unreadable",
  unknown: "span_reason.unknown",
  logged_out: "span_reason.logged_out",
  qr: "span_reason.logged_out",
  qr_timeout: "span_reason.logged_out",
  pairing: "span_reason.logged_out",
  other_account: "span_reason.other_account",
  passkey_required: "refused.passkey_required",
  unsupported_browser: "refused.unsupported_browser",
  blocked: "refused.blocked",
  user: "span_reason.user",
  idle: "paused.idle",
  billing: "paused.billing",
  admin: "paused.admin",
  drain: "paused.drain",
};

/** Which text says why. */
export function spanReason(reason: string): string {
  return reasons[reason] ?? "span_reason.unknown";
}
