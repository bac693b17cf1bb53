// After the scan: linked, and the contacts come in.
import { Check } from "lucide-react";
import { useState } from "react";
import { PhaseCard } from "#/features/linking/PhaseCard";
import { serverNow, useNow } from "#/lib/clock";
import { elapsed } from "#/lib/time";
import { useWords } from "#/lib/words";
import { Progress } from "#/ui/Progress";
import { Spinner } from "#/ui/Spinner";

interface LoadingProps {
  found: number;
  percent: number | null;
  since: number | null;
}

export function LoadingPhase({ found, percent, since }: LoadingProps) {
  const say = useWords();
  const now = useNow(500);
  const [shownAt] = useState(serverNow);
  const passed = now - Math.min(shownAt, since ?? shownAt);
  const lines = [
    { text: say("loading.sync"), state: percent === null ? "done" : "now" },
    { text: say("loading.scroll"), state: percent === null ? "now" : "next" },
    { text: say("loading.save"), state: percent === null && found > 0 ? "now" : "next" },
  ] as const;
  return (
    <PhaseCard>
      <div className="flex items-center gap-4">
        <span className="flex size-14 shrink-0 animate-pop items-center justify-center rounded-full bg-accent text-accent-ink">
          <Check size={30} strokeWidth={3} aria-hidden="true" />
        </span>
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("loading.title")}</h1>
          <p className="text-muted">{say("loading.lead")}</p>
        </div>
      </div>
      <div className="mt-8 flex items-end justify-between gap-4">
        {percent !== null && found === 0 ? (
          <p className="text-3xl tabular-nums tracking-[-0.02em]">{percent} %</p>
        ) : (
          <p className="text-3xl tabular-nums tracking-[-0.02em]" role="status">
            {say("loading.found", { count: found })}
          </p>
        )}
        <span className="pb-1 font-mono text-muted text-sm tabular-nums" role="timer" aria-label={say("wait.elapsed")}>
          {elapsed(passed)}
        </span>
      </div>
      <div className="mt-4">
        <Progress share={percent === null ? null : percent / 100} moving label={say("loading.lead")} />
      </div>
      <ul className="mt-6 space-y-2.5 text-sm">
        {lines.map((line) => (
          <li
            key={line.text}
            className={`flex items-center gap-3 ${line.state === "next" ? "text-faint" : "text-text"}`}
          >
            <span className="flex size-5 items-center justify-center text-accent">
              {line.state === "done" ? (
                <Check size={16} strokeWidth={2.5} aria-hidden="true" />
              ) : line.state === "now" ? (
                <Spinner size={15} />
              ) : (
                <span className="size-1.5 rounded-full bg-edge" />
              )}
            </span>
            {line.text}
          </li>
        ))}
      </ul>
    </PhaseCard>
  );
}
