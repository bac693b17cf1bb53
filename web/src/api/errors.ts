// What can go wrong with a request, and the one place where that becomes words.
import type { Say } from "#/lib/words";

/** An answer of the server that says no, or the lack of one (`code` is then `offline`). */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly retryAfterS: number | null = null,
    readonly fields: Record<string, string> = {},
    /** The wish was kept and waits in a queue. */
    readonly queued = false,
  ) {
    super(code);
    this.name = "Problem";
  }
}

const words: Record<string, string> = {
  offline: "problem.offline",
  internal: "problem.internal",
  unauthenticated: "problem.unauthenticated",
  forbidden: "problem.forbidden",
  csrf: "problem.forbidden",
  bad_credentials: "problem.bad_credentials",
  sign_in_again: "problem.sign_in_again",
  email_taken: "problem.email_taken",
  invalid: "problem.invalid",
  sign_up_closed: "problem.sign_up_closed",
  not_found: "problem.not_found",
  no_slice: "problem.no_slice",
  slice_unavailable: "problem.slice_unavailable",
  busy: "problem.busy",
  host_full: "problem.host_full",
  being_deleted: "setup.deleting",
  storage_full: "problem.storage_full",
  reading_mode_required: "problem.reading_mode_required",
  consent_required: "problem.consent_required",
  empty_text: "problem.empty_text",
  text_too_long: "problem.text_too_long",
  unsupported_text: "problem.unsupported_text",
  key_reused: "problem.key_reused",
  ambiguous_chat: "problem.ambiguous_chat",
  read_only: "problem.read_only",
  not_linked: "problem.not_linked",
  too_late: "problem.too_late",
  owner_only: "problem.owner_only",
  not_open: "problem.not_open",
  not_waiting: "problem.not_waiting",
  not_asked: "problem.not_asked",
  no_other_window: "problem.no_other_window",
  parting_under_way: "problem.parting_under_way",
  pairing_under_way: "problem.pairing_under_way",
  foreign_origin: "problem.forbidden",
  missing_header: "problem.forbidden",
  chat_not_found: "problem.chat_not_found",
  chat_not_allowed: "problem.chat_not_allowed",
  text_mismatch: "problem.text_mismatch",
  page_failed: "problem.page_failed",
  page_busy: "problem.page_failed",
  already_loading: "problem.already_loading",
  closed: "problem.gap_closed",
  send_failed: "problem.send_failed",
  not_read_yet: "problem.not_read_yet",
  message_deleted: "problem.message_deleted",
  message_not_found: "problem.message_not_found",
  not_ours: "problem.not_offered",
  not_editable: "problem.not_offered",
  not_forwardable: "problem.not_offered",
  not_offered: "problem.not_offered",
  not_shown: "problem.not_shown",
  same_chat: "problem.same_chat",
  not_an_emoji: "problem.internal",
  absent_twice: "problem.absent_twice",
  too_large: "problem.too_large",
  unreadable_file: "problem.unreadable_file",
  empty_list: "problem.empty_list",
  too_many_lines: "problem.too_many_lines",
  too_many_opt_outs: "problem.too_many_opt_outs",
  empty_file: "problem.empty_file",
  no_room: "problem.no_room",
  bad_body: "problem.file_cut",
  too_slow: "problem.file_cut",
  file_refused: "problem.file_refused",
  file_lost: "problem.file_lost",
  file_not_found: "problem.file_lost",
  caption_too_long: "problem.caption_too_long",
  quote_not_found: "problem.quote_not_found",
  not_quotable: "problem.not_quotable",
  file_cannot_answer: "reply.no_files",
  not_on_whatsapp: "problem.not_on_whatsapp",
  unknown_dialog: "problem.unknown_dialog",
  still_sending: "problem.still_sending",
  new_chat_under_way: "problem.new_chat_under_way",
  too_many_numbers: "problem.too_many_numbers",
  first_contacts: "problem.first_contacts",
  opted_out: "problem.opted_out",
  no_answer: "new_chat.uncertain",
};

const fieldWords: Record<string, string> = {
  required: "field.required",
  not_international: "field.not_international",
  unknown_country: "field.unknown_country",
  wrong_length: "field.number_length",
  invalid: "field.email_invalid",
  email_invalid: "field.email_invalid",
  email_taken: "problem.email_taken",
  taken: "problem.email_taken",
  too_long: "field.too_long",
  email_too_long: "field.too_long",
  too_short: "field.password_too_short",
  password_too_short: "field.password_too_short",
  password_too_long: "field.password_too_long",
  common: "field.password_common",
  too_common: "field.password_common",
  password_common: "field.password_common",
  context: "field.password_context",
  contains_context: "field.password_context",
  password_context: "field.password_context",
};

/** Why a request failed, in the viewer's language. */
export function problemWords(say: Say, error: unknown): string {
  if (!(error instanceof Problem)) return say("problem.internal");
  if (error.code === "throttled")
    return error.retryAfterS === null
      ? say("problem.throttled")
      : say("problem.throttled_seconds", { seconds: error.retryAfterS });
  return say(words[error.code] ?? "problem.internal");
}

/** A stored reason in words, for example why a message was not sent. */
export function codeWords(say: Say, code: string | null | undefined): string {
  return say(words[code ?? ""] ?? "problem.internal");
}

/** What is wrong with one field, in the viewer's language. */
export function fieldProblem(say: Say, code: string): string {
  return say(fieldWords[code] ?? "field.invalid");
}

/** Whether the code says that the person must sign in (again). */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.code === "unauthenticated";
}
