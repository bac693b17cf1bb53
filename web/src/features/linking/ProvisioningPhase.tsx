// While the slice and its browser start.
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import { PhaseCard } from "#/features/linking/PhaseCard";
import { waitingShare, waitingStep } from "#/features/linking/phase";
import { useStartOver } from "#/features/linking/queries";
import { serverNow, useNow } from "#/lib/clock";
import { elapsed } from "#/lib/time";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Progress } from "#/ui/Progress";

const stepWords = {
  first: "provisioning.first",
  second: "provisioning.second",
  third: "provisioning.third",
  long: "provisioning.long",
} as const;

export function ProvisioningPhase({ since }: { since: number | null }) {
  const say = useWords();
  const now = useNow(500);
  const [shownAt] = useState(serverNow);
  const startOver = useStartOver();
  const passed = Math.max(0, now - (since ?? shownAt));
  const step = waitingStep(passed);
  return (
    <PhaseCard>
      <div className="flex items-baseline justify-between gap-4">
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("provisioning.title")}</h1>
        <span className="font-mono text-muted text-sm tabular-nums" role="timer" aria-label={say("wait.elapsed")}>
          {elapsed(passed)}
        </span>
      </div>
      <p className="mt-1.5 text-muted">{say("provisioning.lead")}</p>
      <div className="mt-8 mb-3">
        <Progress share={waitingShare(passed)} moving label={say("provisioning.title")} />
      </div>
      <p className="text-sm" role="status">
        {say(stepWords[step])}
      </p>
      {step === "long" && (
        <div className="mt-7 flex items-center justify-between gap-4 border-line border-t pt-5">
          <p className="text-muted text-sm">{say("provisioning.start_over_text")}</p>
          <Button
            busy={startOver.isPending}
            onClick={() =>
              startOver.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) })
            }
          >
            {say("provisioning.start_over")}
          </Button>
        </div>
      )}
    </PhaseCard>
  );
}
