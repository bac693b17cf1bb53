// Why the connection is as it is, in words: for the pill, the banner and the pages alike.
import type { ReaderTrouble, Trouble } from "#/api/types";
import type { Notice, PauseReason, Refusal, Shown } from "#/features/linking/phase";
import { clockTime, moment } from "#/lib/time";
import type { Say } from "#/lib/words";

export const pausedWords: Record<PauseReason, string> = {
  idle: "paused.idle",
  user: "paused.user",
  billing: "paused.billing",
  admin: "paused.admin",
  drain: "paused.drain",
  qr_timeout: "paused.user",
  logged_out: "setup.logged_out",
  failed: "paused.failed",
};

export const noticeWords: Record<Notice, string> = {
  logged_out: "setup.logged_out",
  disconnected: "setup.disconnected",
  wiped: "setup.wiped",
  deleting: "setup.deleting",
};

export const refusedWords: Record<Refusal, string> = {
  passkey_required: "refused.passkey_required",
  unsupported_browser: "refused.unsupported_browser",
  blocked: "refused.blocked",
  conflict: "conflict.text",
};

export const troubleWords: Record<Trouble, string> = {
  database_away: "trouble.database_away",
  storage_full: "trouble.storage_full",
  not_answering: "trouble.not_answering",
};

const unsureWords: Partial<Record<string, string>> = { offline: "unsure.offline", conflict: "unsure.conflict" };

/** What a page that WhatsApp has changed means for the person; nothing technical. */
export function readerWords(say: Say, reader: ReaderTrouble, locale: string): string {
  const time = clockTime(moment(reader.since) ?? 0, locale);
  return say(reader.unreadable.length > 0 ? "reader.part" : "reader.changed", { time });
}

/** About how long it will take; never more exact than it is known. */
export function leftWords(say: Say, seconds: number): string {
  if (seconds < 55) return say("left.seconds", { count: Math.max(5, Math.ceil(seconds / 5) * 5) });
  if (seconds < 5400) return say("left.minutes", { count: Math.round(seconds / 60) });
  return say("left.hours", { count: Math.round(seconds / 3600) });
}

/** One sentence that says why, as far as we know. */
export function reasonWords(say: Say, shown: Shown, locale: string): string {
  switch (shown.name) {
    case "unknown":
      return say("reason.unknown");
    case "setup":
      return say(shown.notice ? noticeWords[shown.notice] : "reason.setup");
    case "provisioning":
      return shown.returning ? say("reason.returning") : say("reason.provisioning");
    case "waiting":
      return say("reason.waiting", { position: shown.place.position, left: leftWords(say, shown.place.seconds) });
    case "qr":
      return say(shown.removed ? "reason.removed" : "reason.qr");
    case "pairing":
      return say("reason.pairing");
    case "qr_timeout":
      return say(shown.removed ? "reason.removed" : "reason.qr_timeout");
    case "refused":
      return say(refusedWords[shown.reason]);
    case "stuck":
      return say("stuck.text");
    case "other_account":
      return say(shown.question.now ? "other.title" : "other.title_unknown");
    case "parting":
      return say(shown.parting.kind === "disconnect" ? "parting.disconnect_now" : "parting.wipe_now");
    case "loading":
      return shown.returning ? say("reason.returning") : say("reason.loading");
    case "ready":
      return say("reason.ready");
    case "unsure": {
      const why = say(unsureWords[shown.reason] ?? "unsure.unknown");
      return shown.since === null ? why : `${say("unsure.since", { time: clockTime(shown.since, locale) })} ${why}`;
    }
    case "paused":
      return say(pausedWords[shown.reason]);
  }
}
