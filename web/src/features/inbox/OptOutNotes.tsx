// Around the composer: what stands in its place when a customer does not want to be written to, and what asks whether
// they said so.
import { Ban } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat, Message } from "#/api/types";
import { reasonWords } from "#/features/inbox/OptOutDialog";
import { useOptOut } from "#/features/inbox/optOut";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";

/** Where one would write: why nothing can be sent, and what would change that. */
export function OptedOut({ chat }: { chat: Chat }) {
  const say = useWords();
  const locale = useLocale();
  const since = moment(chat.opt_out?.at);
  if (!chat.opt_out) return null;
  return (
    <div
      role="status"
      className="flex shrink-0 items-start gap-3 border-line border-t bg-surface px-5 pt-4 pb-[max(1rem,env(safe-area-inset-bottom))]"
    >
      <Ban size={19} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-medium">{say("opt_out.closed")}</p>
        <p className="mt-0.5 text-muted text-sm">
          {say(reasonWords[chat.opt_out.reason])}
          {since !== null && ` · ${shortMoment(since, locale)}`}. {say("opt_out.closed_text")}
        </p>
      </div>
    </div>
  );
}

/** Above the field while an answer is still possible. */
export function AnswerOnly({ until }: { until: number }) {
  const say = useWords();
  const locale = useLocale();
  return <Banner tone="warn">{say("opt_out.answer_until", { time: shortMoment(until, locale) })}</Banner>;
}

/** Asks whether a message means that its author does not want to be written to; nothing is decided by itself. */
export function OptOutQuestion({ chat, message }: { chat: Chat; message: Message }) {
  const say = useWords();
  const optOut = useOptOut(chat.id);
  const onError = (error: Error): void => void toast.error(problemWords(say, error));
  return (
    <Banner
      tone="warn"
      action={
        <span className="flex flex-wrap gap-2">
          <Button size="s" busy={optOut.isPending} onClick={() => optOut.mutate("keyword", { onError })}>
            {say("opt_out.confirm")}
          </Button>
          <Button size="s" look="quiet" disabled={optOut.isPending} onClick={() => optOut.mutate(null, { onError })}>
            {say("opt_out.not_meant")}
          </Button>
        </span>
      }
    >
      {say("opt_out.suggested", { text: message.text })}
    </Banner>
  );
}
