// While others are served first: the place in the queue, and about how long it takes.
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { QueuePlace } from "#/api/types";
import { PhaseCard } from "#/features/linking/PhaseCard";
import { useStartOver } from "#/features/linking/queries";
import { leftWords } from "#/features/linking/reasons";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Spinner } from "#/ui/Spinner";

export function WaitingPhase({ place }: { place: QueuePlace }) {
  const say = useWords();
  const startOver = useStartOver();
  return (
    <PhaseCard>
      <div className="flex items-baseline justify-between gap-4">
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("waiting.title")}</h1>
        <Spinner size={18} />
      </div>
      <p className="mt-1.5 text-muted">{say("waiting.lead")}</p>
      <div className="mt-8" role="status">
        <p className="text-3xl tabular-nums tracking-[-0.02em]">
          {say("waiting.position", { position: place.position })}
        </p>
        <p className="mt-2 text-muted">{say("waiting.left", { left: leftWords(say, place.seconds) })}</p>
      </div>
      <div className="mt-7 flex items-center justify-between gap-4 border-line border-t pt-5">
        <p className="text-muted text-sm">{say("waiting.leave_text")}</p>
        <Button
          busy={startOver.isPending}
          onClick={() =>
            startOver.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) })
          }
        >
          {say("waiting.leave")}
        </Button>
      </div>
    </PhaseCard>
  );
}
