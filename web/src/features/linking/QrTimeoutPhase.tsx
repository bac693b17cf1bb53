// All codes have expired without a scan.
import { RotateCw, TimerOff } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import { PhaseCard } from "#/features/linking/PhaseCard";
import { useRetry } from "#/features/linking/queries";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

export function QrTimeoutPhase({ removed }: { removed: boolean }) {
  const say = useWords();
  const retry = useRetry();
  return (
    <PhaseCard>
      <div className="text-center">
        <div className="mx-auto mb-5 flex size-16 items-center justify-center rounded-2xl border border-warn/25 bg-warn-soft text-warn">
          <TimerOff size={30} aria-hidden="true" />
        </div>
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("timeout.title")}</h1>
        {removed && <p className="mx-auto mt-2 max-w-sm text-pretty">{say("reason.removed")}</p>}
        <p className="mx-auto mt-2 max-w-sm text-pretty text-muted">{say("timeout.text")}</p>
        <Button
          look="primary"
          size="l"
          className="mt-7"
          busy={retry.isPending}
          icon={<RotateCw size={18} />}
          onClick={() => retry.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) })}
        >
          {say("timeout.again")}
        </Button>
      </div>
    </PhaseCard>
  );
}
