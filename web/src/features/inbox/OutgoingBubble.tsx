// A message on its way: sending, sent, uncertain or failed, with what a person can do about it.
import { CircleAlert, RotateCcw, Trash2, TriangleAlert, X } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { codeWords, problemWords } from "#/api/errors";
import type { Outgoing, ReplyTo } from "#/api/types";
import { isFewEmoji } from "#/features/inbox/emoji";
import { localFile } from "#/features/inbox/localFiles";
import { OutgoingFile } from "#/features/inbox/OutgoingFile";
import { QuoteBlock } from "#/features/inbox/QuoteBlock";
import { useQuotedWords, useQuotes } from "#/features/inbox/QuoteContext";
import { useCancelOutgoing, useDismiss, useResolveOutgoing, useSendAgain } from "#/features/inbox/queries";
import { stageOf, tickWords } from "#/features/inbox/ticks";
import { clockTime, moment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { cx } from "#/ui/cx";
import { Ticks } from "#/ui/Ticks";

export function OutgoingBubble({ line, first }: { line: Outgoing; first: boolean }) {
  const say = useWords();
  const locale = useLocale();
  const stage = stageOf(line);
  const at = moment(line.created_at);
  const tick = stage === "sent" ? "sent" : "pending";
  return (
    <article
      className={cx("flex flex-col items-end px-4 wide:px-[6%]", first ? "pt-2.5" : "pt-1")}
      aria-label={say("message.from_you")}
      data-stage={stage}
    >
      <div
        className={cx(
          "max-w-[min(88%,36rem)] rounded-2xl bg-sent px-3.5 py-2",
          stage === "uncertain" && "border border-warn/60",
          stage === "failed" && "border border-danger/60 bg-danger-soft",
        )}
      >
        {line.reply_to && <Quoted to={line.reply_to} />}
        {line.file && <OutgoingFile line={line} file={line.file} />}
        <div className="flex flex-wrap items-end justify-end gap-x-3">
          {line.text !== "" && (
            <p
              dir="auto"
              className={cx(
                "min-w-0 grow whitespace-pre-wrap [overflow-wrap:anywhere]",
                line.file && "mt-1.5",
                isFewEmoji(line.text) ? "text-[2rem] leading-tight" : "leading-snug",
              )}
            >
              {line.text}
            </p>
          )}
          <span className="flex shrink-0 items-center gap-1.5 pb-px font-mono text-[0.6875rem] text-muted leading-5">
            {at !== null && clockTime(at, locale)}
            {stage === "uncertain" ? (
              <TriangleAlert size={14} className="text-warn" role="img" aria-label={say("outgoing.uncertain")} />
            ) : stage === "failed" ? (
              <CircleAlert size={14} className="text-danger" role="img" aria-label={say("outgoing.failed")} />
            ) : (
              <Ticks tick={tick} label={stage === "sent" ? say(tickWords.sent) : say("outgoing.sending")} />
            )}
          </span>
        </div>
      </div>
      {stage === "cancelable" && <Cancel line={line} />}
      {stage === "uncertain" && <Decide line={line} />}
      {stage === "failed" && <Retry line={line} />}
    </article>
  );
}

function Quoted({ to }: { to: ReplyTo }) {
  const quotes = useQuotes();
  const words = useQuotedWords();
  return <QuoteBlock author={quotes.author(to)} text={words(to)} onGo={() => quotes.go({ id: to.message_id })} />;
}

/** Most messages leave sooner; a button that comes and goes would only make the conversation jump. */
const showCancelAfterMs = 1_500;

function Cancel({ line }: { line: Outgoing }) {
  const say = useWords();
  const cancel = useCancelOutgoing({ returns: true });
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaits(true), showCancelAfterMs);
    return () => clearTimeout(timer);
  }, []);
  if (!waits) return null;
  return (
    <button
      type="button"
      disabled={cancel.isPending}
      onClick={() => cancel.mutate(line, { onError: (error) => void toast.error(problemWords(say, error)) })}
      className="mt-1 inline-flex items-center gap-1 rounded px-1.5 py-0.5 text-faint text-xs hover:text-text"
    >
      <X size={13} aria-hidden="true" />
      {say("outgoing.cancel")}
    </button>
  );
}

function Decide({ line }: { line: Outgoing }) {
  const say = useWords();
  const resolve = useResolveOutgoing();
  const decide = (outcome: "sent" | "not_sent"): void =>
    resolve.mutate({ line, outcome }, { onError: (error) => void toast.error(problemWords(say, error)) });
  return (
    <fieldset className="mt-1.5 w-full max-w-[26rem] rounded-xl border border-warn/30 bg-warn-soft p-3.5">
      <legend className="sr-only">{say("outgoing.uncertain")}</legend>
      <p className="font-semibold text-sm">{say("outgoing.uncertain")}</p>
      <p className="mt-1 text-muted text-sm leading-snug">
        {say(line.reason === "restored" ? "outgoing.restored_text" : "outgoing.uncertain_text")}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="s" disabled={resolve.isPending} onClick={() => decide("sent")}>
          {say("outgoing.was_sent")}
        </Button>
        <Button size="s" disabled={resolve.isPending} onClick={() => decide("not_sent")}>
          {say("outgoing.was_not_sent")}
        </Button>
      </div>
    </fieldset>
  );
}

function Retry({ line }: { line: Outgoing }) {
  const say = useWords();
  const again = useSendAgain();
  const dismiss = useDismiss();
  const hasAll = !line.file || line.file.id || localFile(line.client_key) !== undefined;
  return (
    <div className="mt-1 flex max-w-full flex-wrap items-center justify-end gap-x-1 gap-y-0.5 text-xs">
      <span className="text-danger">
        {say("outgoing.failed")}: {codeWords(say, line.reason)}
      </span>
      {hasAll && (
        <Button size="s" look="quiet" icon={<RotateCcw size={13} />} onClick={() => again(line)}>
          {say("outgoing.again")}
        </Button>
      )}
      <Button size="s" look="quiet" icon={<Trash2 size={13} />} onClick={() => dismiss(line)}>
        {say("outgoing.remove")}
      </Button>
    </div>
  );
}
