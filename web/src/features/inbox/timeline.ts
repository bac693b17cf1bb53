// A conversation as rows: day lines, messages in groups, what is on its way.
import type { Gap, Message, Outgoing } from "#/api/types";
import { dayKey, moment } from "#/lib/time";

export type Row =
  | { type: "day"; key: string; at: number }
  | { type: "message"; key: string; message: Message; first: boolean; last: boolean }
  | { type: "outgoing"; key: string; line: Outgoing; first: boolean }
  | { type: "gap"; key: string; gap: Gap }
  | { type: "unread"; key: string; count: number };

/** Messages of one author this close together share a group. */
const groupGapMs = 5 * 60_000;

function joins(before: Message | undefined, after: Message | undefined): boolean {
  if (!before || !after) return false;
  if (before.direction !== after.direction || before.sender !== after.sender) return false;
  const a = moment(before.sent_at);
  const b = moment(after.sent_at);
  if (a === null || b === null) return a === b;
  return b - a < groupGapMs && dayKey(a) === dayKey(b);
}

/** Rows from oldest to newest; a gap stands directly above the message that hangs together with what follows. */
export function timeline(messages: Message[], outgoing: Outgoing[], notReadYet: number, gaps: Gap[] = []): Row[] {
  const open = new Map(gaps.filter((gap) => gap.state === "open").map((gap) => [gap.before_id, gap]));
  const rows: Row[] = [];
  let day = "";
  for (const [index, message] of messages.entries()) {
    const gap = open.get(message.id);
    if (gap) rows.push({ type: "gap", key: gap.id, gap });
    const nextBelowGap = open.has(messages[index + 1]?.id ?? "");
    const at = moment(message.sent_at);
    const today = at === null ? day : dayKey(at);
    const opensDay = today !== day && at !== null;
    if (opensDay) {
      rows.push({ type: "day", key: `day_${today}_${message.id}`, at });
      day = today;
    }
    rows.push({
      type: "message",
      key: message.id,
      message,
      first: opensDay || gap !== undefined || !joins(messages[index - 1], message),
      last: nextBelowGap || !joins(message, messages[index + 1]),
    });
  }
  if (notReadYet > 0) rows.push({ type: "unread", key: "not_read_yet", count: notReadYet });
  const newest = messages.at(-1);
  for (const [index, line] of outgoing.entries())
    rows.push({
      type: "outgoing",
      key: line.client_key,
      line,
      first: index === 0 && newest?.direction !== "out",
    });
  return rows;
}
