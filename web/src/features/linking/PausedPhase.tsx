// The connection rests or was refused: why, and what can be done.
import { MoonStar, PlugZap, ShieldX } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import { PhaseCard } from "#/features/linking/PhaseCard";
import type { PauseReason, Refusal } from "#/features/linking/phase";
import { useConnect, useStartOver } from "#/features/linking/queries";
import { pausedWords, refusedWords } from "#/features/linking/reasons";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

/** Starts the connection again from anywhere. */
export function ConnectAgain({ size = "m" }: { size?: "s" | "m" | "l" }) {
  const say = useWords();
  const connect = useConnect();
  return (
    <Button
      look="primary"
      size={size}
      busy={connect.isPending}
      icon={<PlugZap size={size === "s" ? 15 : 18} />}
      onClick={() => connect.mutate({}, { onError: (error) => void toast.error(problemWords(say, error)) })}
    >
      {say("paused.connect")}
    </Button>
  );
}

export function PausedPhase({ reason }: { reason: PauseReason }) {
  const say = useWords();
  return (
    <PhaseCard>
      <div className="text-center">
        <div className="mx-auto mb-5 flex size-16 items-center justify-center rounded-2xl border border-line bg-raised text-muted">
          <MoonStar size={28} aria-hidden="true" />
        </div>
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("paused.title")}</h1>
        <p className="mx-auto mt-2 mb-7 max-w-sm text-pretty text-muted">{say(pausedWords[reason])}</p>
        <ConnectAgain size="l" />
      </div>
    </PhaseCard>
  );
}

export function RefusedPhase({ reason }: { reason: Refusal }) {
  const say = useWords();
  const startOver = useStartOver();
  return (
    <PhaseCard>
      <div className="text-center">
        <div className="mx-auto mb-5 flex size-16 items-center justify-center rounded-2xl border border-danger/25 bg-danger-soft text-danger">
          <ShieldX size={28} aria-hidden="true" />
        </div>
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("refused.title")}</h1>
        <p className="mx-auto mt-2 mb-7 max-w-sm text-pretty text-muted">{say(refusedWords[reason])}</p>
        <Button
          busy={startOver.isPending}
          onClick={() =>
            startOver.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) })
          }
        >
          {say("provisioning.start_over")}
        </Button>
      </div>
    </PhaseCard>
  );
}
