// A range in which messages may be missing: which one, what is being done, and the button that does it now.
import { Unplug } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Gap } from "#/api/types";
import { useRetryGap } from "#/features/inbox/queries";
import { useLoading } from "#/features/inbox/useLoading";
import { clockTime, dayKey, moment, shortTime } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

export function GapRow({ gap, reachable }: { gap: Gap; reachable: boolean }) {
  const say = useWords();
  const locale = useLocale();
  const retry = useRetryGap();
  const reading = useLoading(gap.chat_id, "gap");
  const [from, until, next] = [moment(gap.from), moment(gap.until), moment(gap.next_try)];
  const title = (): string => {
    if (from === null || until === null) return say("gap.somewhere");
    const write = dayKey(from) === dayKey(until) ? clockTime : shortTime;
    return say("gap.between", { from: write(from, locale), until: write(until, locale) });
  };
  const state = (): string | null => {
    if (reading) return say("gap.reading", { count: reading.messages });
    const found = gap.found > 0 ? say("gap.found", { count: gap.found }) : null;
    const tried = next === null ? null : say("gap.next", { time: clockTime(next, locale) });
    return [found, tried].filter((part) => part !== null).join(" · ") || null;
  };
  const line = state();
  return (
    <div className="flex justify-center px-4 py-3">
      <div
        role="note"
        aria-label={title()}
        className="flex max-w-full flex-wrap items-center justify-center gap-x-4 gap-y-2 rounded-xl border border-warn/40 border-dashed bg-warn-soft px-4 py-2.5"
      >
        <Unplug size={17} className="shrink-0 text-warn" aria-hidden="true" />
        <span className="min-w-0 flex-1 basis-56 text-sm leading-snug">
          {title()}
          {line && (
            <span className="mt-0.5 block font-mono text-muted text-xs" role="status">
              {line}
            </span>
          )}
        </span>
        <Button
          size="s"
          className="bg-surface"
          busy={retry.isPending || reading !== null}
          disabled={!reachable}
          title={reachable ? undefined : say("composer.not_connected")}
          onClick={() => retry.mutate(gap, { onError: (error) => void toast.error(problemWords(say, error)) })}
        >
          {say("gap.retry")}
        </Button>
      </div>
    </div>
  );
}
