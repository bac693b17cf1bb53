// What of the connection is shown: a pure function of the two snapshots (architecture 6.9).
//
// The orchestrator's view says whether a slice runs; the slice's own link says what its page shows and is the fresher
// of the two, so it wins while the slice runs and is ignored otherwise.
import type {
  AccountQuestion,
  Link,
  PageState,
  Pairing,
  Parting,
  QrCode,
  QueuePlace,
  SliceView,
  StopReason,
  Trouble,
} from "#/api/types";
import { moment } from "#/lib/time";

export type PauseReason = StopReason | "failed";
export type Refusal = "passkey_required" | "unsupported_browser" | "blocked" | "conflict";
export type Notice = "logged_out" | "disconnected" | "wiped" | "deleting";

export type Shown =
  /** Nothing is known yet. */
  | { name: "unknown" }
  | { name: "setup"; notice: Notice | null }
  /** `returning` is true when an inbox exists already and only has to come back. */
  | { name: "provisioning"; since: number | null; returning: boolean }
  /** Every place on the host is taken, or others start first. */
  | { name: "waiting"; place: QueuePlace; returning: boolean }
  /** `removed` is true when a phone was linked before and has removed this device. */
  | { name: "qr"; code: QrCode; removed: boolean }
  /** Linking by phone number; `pairing` is null on a page that shows its form by itself. */
  | { name: "pairing"; pairing: Pairing | null }
  | { name: "refused"; reason: Refusal }
  /** The page does not come up; nothing more is tried until a person asks for it. */
  | { name: "stuck"; since: number | null; returning: boolean }
  /** Another account than before may be linked; a person is asked. */
  | { name: "other_account"; question: AccountQuestion }
  /** The link is being ended, or everything erased. */
  | { name: "parting"; parting: Parting }
  | { name: "qr_timeout"; removed: boolean }
  | { name: "loading"; found: number; percent: number | null; since: number | null; returning: boolean }
  | { name: "ready" }
  | { name: "unsure"; since: number | null; reason: PageState }
  | { name: "paused"; reason: PauseReason };

export type PillWord = "READY" | "CONNECTING" | "OFFLINE" | "UNSURE";

function ended(reason: StopReason | null | undefined): Shown {
  switch (reason) {
    case "qr_timeout":
      return { name: "qr_timeout", removed: false };
    case "logged_out":
      return { name: "setup", notice: "logged_out" };
    case "idle":
    case "billing":
    case "admin":
    case "drain":
      return { name: "paused", reason };
    default:
      return { name: "setup", notice: null };
  }
}

/** Whether somebody pressed Connect after the phase began, so that its reason is history. */
function wantedSince(slice: SliceView): boolean {
  const wanted = moment(slice.wanted_at);
  const since = moment(slice.phase_since);
  return slice.desired === "linked" && wanted !== null && (since === null || wanted > since);
}

/** Whether the link was reported by an earlier start of the slice than the one now under way. */
function fromEarlierStart(slice: SliceView, link: Link): boolean {
  if (slice.phase !== "starting") return false;
  const since = moment(slice.phase_since);
  const told = moment(link.since);
  return since !== null && told !== null && told < since;
}

/** What the slice's own page state means. */
function fromLink(slice: SliceView, link: Link): Shown {
  const returning = link.first_list_complete;
  const wanted = moment(slice.wanted_at);
  const provisioning: Shown = { name: "provisioning", since: returning ? moment(link.since) : wanted, returning };
  if (link.parting && !link.parting.ended_at) return { name: "parting", parting: link.parting };
  // What was asked for is shown while the page is still on its way there.
  if (link.pairing && ["starting", "qr", "qr_timeout", "pairing", "unknown"].includes(link.state))
    return { name: "pairing", pairing: link.pairing };
  switch (link.state) {
    case "no_browser": {
      const reason = link.stop_reason ?? slice.stop_reason;
      if (slice.desired === "linked" && (!reason || wantedSince(slice))) return provisioning;
      if (reason === "user" && link.parting) return { name: "setup", notice: partedNotice(link.parting) };
      return ended(reason);
    }
    case "starting":
      return link.repair?.needs_person ? { name: "stuck", since: moment(link.repair.since), returning } : provisioning;
    case "qr":
      return link.qr ? { name: "qr", code: link.qr, removed: link.was_linked ?? false } : provisioning;
    case "pairing":
      return { name: "pairing", pairing: null };
    case "qr_timeout":
      return { name: "qr_timeout", removed: link.was_linked ?? false };
    case "syncing":
      return loading(link, returning);
    case "linked":
      return returning ? { name: "ready" } : loading(link, false);
    case "logged_out":
      return { name: "setup", notice: "logged_out" };
    case "passkey_required":
    case "unsupported_browser":
    case "blocked":
      return { name: "refused", reason: link.state };
    case "other_account":
      return link.account ? { name: "other_account", question: link.account } : loading(link, false);
    case "conflict":
      // Before the first list is there, nothing but the question can be shown.
      if (!returning) return { name: "refused", reason: "conflict" };
      return { name: "unsure", since: moment(link.certain_until) ?? moment(link.since), reason: link.state };
    case "offline":
    case "unknown":
      return returning
        ? { name: "unsure", since: moment(link.certain_until) ?? moment(link.since), reason: link.state }
        : provisioning;
  }
}

function partedNotice(parting: Parting): Notice | null {
  if (parting.kind === "wipe_data") return null;
  return parting.kind === "wipe" ? "wiped" : "disconnected";
}

function loading(link: Link, returning: boolean): Shown {
  return {
    name: "loading",
    found: link.chats_found,
    percent: link.sync_percent ?? null,
    since: moment(link.since),
    returning,
  };
}

/** What is shown; `slice` is null until the first snapshot came. */
export function shownPhase(slice: SliceView | null, link: Link | null): Shown {
  if (!slice) return { name: "unknown" };
  const shown = ofPhase(slice, link);
  // Nothing starts yet: saying so would be untrue.
  if (slice.queue && shown.name === "provisioning")
    return { name: "waiting", place: slice.queue, returning: shown.returning };
  return shown;
}

function ofPhase(slice: SliceView, link: Link | null): Shown {
  const returning = link?.first_list_complete ?? false;
  const provisioning: Shown = { name: "provisioning", since: moment(slice.wanted_at), returning };
  switch (slice.phase ?? null) {
    case null:
      return slice.desired === "linked" ? provisioning : { name: "setup", notice: null };
    case "requested":
    case "provisioning":
      return slice.desired === "linked" ? provisioning : { name: "setup", notice: null };
    case "failed":
      return wantedSince(slice) ? provisioning : { name: "paused", reason: "failed" };
    case "stopped":
      if (slice.desired === "linked" && (!slice.stop_reason || wantedSince(slice))) return provisioning;
      return ended(slice.stop_reason);
    case "service":
      if (link) return fromLink(slice, link);
      if (slice.desired === "linked" && (!slice.stop_reason || wantedSince(slice))) return provisioning;
      return ended(slice.stop_reason);
    case "starting":
      return link && !fromEarlierStart(slice, link) ? fromLink(slice, link) : provisioning;
    case "degraded":
      return link ? fromLink(slice, link) : { name: "unsure", since: moment(slice.phase_since), reason: "unknown" };
    case "qr":
    case "linked":
      return link ? fromLink(slice, link) : { name: "unknown" };
    case "deleting":
    case "deleted":
      return { name: "setup", notice: "deleting" };
  }
}

/** The word on the pill; without a live stream, or while the service is in trouble, nothing can be called certain. */
export function pillWord(shown: Shown, live: boolean, trouble: Trouble | null = null): PillWord {
  if (trouble !== null && ["ready", "provisioning", "waiting", "loading"].includes(shown.name)) return "UNSURE";
  switch (shown.name) {
    case "ready":
      return live ? "READY" : "UNSURE";
    case "unsure":
      return "UNSURE";
    case "unknown":
    case "provisioning":
    case "waiting":
    case "qr":
    case "pairing":
    case "loading":
      return "CONNECTING";
    case "stuck":
      return "OFFLINE";
    case "other_account":
      return "CONNECTING";
    case "refused":
      return shown.reason === "passkey_required" ? "CONNECTING" : "OFFLINE";
    case "parting":
    case "setup":
    case "qr_timeout":
    case "paused":
      return "OFFLINE";
  }
}

/** Whether a message may be handed over for sending now. */
export function canSend(shown: Shown): boolean {
  return shown.name === "ready" || shown.name === "unsure";
}

/** Whether the inbox is the place to be: nothing has to be done to link. */
export function belongsInInbox(shown: Shown): boolean {
  switch (shown.name) {
    case "ready":
    case "unsure":
    case "paused":
      return true;
    case "provisioning":
    case "waiting":
    case "loading":
    case "stuck":
      return shown.returning;
    default:
      return false;
  }
}

/** The message under the progress bar, by seconds since Connect (reference 6). */
export function waitingStep(elapsedMs: number): "first" | "second" | "third" | "long" {
  if (elapsedMs < 20_000) return "first";
  if (elapsedMs < 45_000) return "second";
  return elapsedMs < 90_000 ? "third" : "long";
}

/** Progress towards an unknown end: quick at first, never full. */
export function waitingShare(elapsedMs: number): number {
  return 0.95 * (1 - Math.exp(-Math.max(0, elapsedMs) / 12_000));
}

/** How much of the code's life is left, 1 to 0, and whole seconds. */
export function codeLeft(
  code: Pick<QrCode, "shown_at" | "expires_at">,
  now: number,
): { share: number; seconds: number } {
  const from = moment(code.shown_at) ?? now;
  const to = moment(code.expires_at) ?? now;
  const left = Math.max(0, to - now);
  return { share: to > from ? Math.min(1, left / (to - from)) : 0, seconds: Math.ceil(left / 1000) };
}
