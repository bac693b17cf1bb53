// The connection rests or was refused: why, and what can be done.
import { LifeBuoy, MoonStar, PlugZap, RotateCw, ShieldX } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import { PhaseCard } from "#/features/linking/PhaseCard";
import type { PauseReason, Refusal } from "#/features/linking/phase";
import { useConnect, useRetry, useStartOver, useUseHere } from "#/features/linking/queries";
import { pausedWords, refusedWords } from "#/features/linking/reasons";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
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

/** The button that a person may press when WhatsApp is open somewhere else. */
export function UseHere({ boxed = true }: { boxed?: boolean }) {
  const say = useWords();
  const use = useUseHere();
  return (
    <Banner
      tone="warn"
      boxed={boxed}
      action={
        <Button
          size="s"
          look="primary"
          busy={use.isPending}
          onClick={() => use.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) })}
        >
          {say("conflict.use_here")}
        </Button>
      }
    >
      {say("conflict.text")}
    </Banner>
  );
}

/** Asks for one more attempt with a page that does not come up. */
export function TryAgain({ size = "m" }: { size?: "s" | "m" | "l" }) {
  const say = useWords();
  const retry = useRetry();
  return (
    <Button
      look="primary"
      size={size}
      busy={retry.isPending}
      icon={<RotateCw size={size === "s" ? 15 : 18} />}
      onClick={() => retry.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) })}
    >
      {say("timeout.again")}
    </Button>
  );
}

export function StuckPhase() {
  const say = useWords();
  return (
    <PhaseCard>
      <div className="text-center">
        <div className="mx-auto mb-5 flex size-16 items-center justify-center rounded-2xl border border-warn/25 bg-warn-soft text-warn">
          <LifeBuoy size={28} aria-hidden="true" />
        </div>
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("stuck.title")}</h1>
        <p className="mx-auto mt-2 mb-7 max-w-sm text-pretty text-muted">{say("stuck.text")}</p>
        <TryAgain size="l" />
      </div>
    </PhaseCard>
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
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">
          {say(reason === "conflict" ? "conflict.title" : "refused.title")}
        </h1>
        {reason === "conflict" ? (
          <div className="mt-4 mb-7 text-left">
            <UseHere />
          </div>
        ) : (
          <p className="mx-auto mt-2 mb-7 max-w-sm text-pretty text-muted">{say(refusedWords[reason])}</p>
        )}
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
