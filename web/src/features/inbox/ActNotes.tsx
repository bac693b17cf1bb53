// What was asked for a message and is not done: on its way, failed, or not to be told.
import { CircleAlert, RotateCcw, TriangleAlert, X } from "lucide-react";
import { toast } from "sonner";
import { codeWords, problemWords } from "#/api/errors";
import type { Act, Message } from "#/api/types";
import { useActs } from "#/features/inbox/ActsContext";
import { isLocalAct, mayRepeatActKey, useDropAct, useResolveAct } from "#/features/inbox/actQueries";
import { actWords, doubtWords } from "#/features/inbox/acts";
import { type Say, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { cx } from "#/ui/cx";
import { Spinner } from "#/ui/Spinner";

export function ActNotes({ message }: { message: Message }) {
  const { of } = useActs();
  const open = of(message.id);
  if (open.length === 0) return null;
  return (
    <ul
      className={cx(
        "mt-1 flex max-w-full flex-col gap-1 text-xs",
        message.direction === "out" ? "items-end" : "items-start",
      )}
    >
      {open.map((act) => (
        <li key={act.client_key} data-act={act.wish.kind} data-state={act.state}>
          <Note act={act} message={message} />
        </li>
      ))}
    </ul>
  );
}

/** What was wished, in words. */
function wished(say: Say, { wish }: Act): string {
  return say(actWords(wish), { emoji: wish.kind === "react" ? (wish.emoji ?? "") : "" });
}

function Note({ act, message }: { act: Act; message: Message }) {
  switch (act.state) {
    case "failed":
      return <Failed act={act} message={message} />;
    case "uncertain":
      return <Uncertain act={act} message={message} />;
    default:
      return <Pending act={act} />;
  }
}

function Pending({ act }: { act: Act }) {
  const say = useWords();
  const drop = useDropAct();
  return (
    <p role="status" className="flex items-center gap-1.5 text-muted">
      <Spinner size={12} />
      {say("act.pending", { wish: wished(say, act) })}
      {act.state === "queued" && !isLocalAct(act) && (
        <button
          type="button"
          onClick={() => drop(act)}
          aria-label={say("act.cancel")}
          title={say("act.cancel")}
          className="flex size-6 items-center justify-center rounded text-faint hover:text-text"
        >
          <X size={13} />
        </button>
      )}
    </p>
  );
}

function Failed({ act, message }: { act: Act; message: Message }) {
  const say = useWords();
  const { ask } = useActs();
  const drop = useDropAct();
  const again = (): void => {
    drop(act);
    // Without an answer the same key keeps the repetition from becoming a second act.
    ask(message, act.wish, mayRepeatActKey(act) ? act.client_key : undefined);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-1 gap-y-0.5">
      <span className="flex items-center gap-1.5 text-danger">
        <CircleAlert size={13} aria-hidden="true" />
        {say("act.failed", { wish: wished(say, act) })}: {codeWords(say, act.reason)}
      </span>
      <Button size="s" look="quiet" icon={<RotateCcw size={13} />} onClick={again}>
        {say("outgoing.again")}
      </Button>
      <Button size="s" look="quiet" icon={<X size={13} />} onClick={() => drop(act)}>
        {say("outgoing.remove")}
      </Button>
    </div>
  );
}

function Uncertain({ act, message }: { act: Act; message: Message }) {
  const say = useWords();
  const { ask } = useActs();
  const resolve = useResolveAct();
  const decide = (outcome: "done" | "not_done", then?: () => void): void =>
    resolve.mutate(
      { act, outcome },
      { onSuccess: () => then?.(), onError: (error) => void toast.error(problemWords(say, error)) },
    );
  // A forward that may have gone out is never repeated by one press.
  const repeatable = act.wish.kind !== "forward";
  return (
    <fieldset className="max-w-[24rem] rounded-xl border border-warn/30 bg-warn-soft p-3 text-sm">
      <legend className="sr-only">{say("act.uncertain", { wish: wished(say, act) })}</legend>
      <p className="flex items-center gap-1.5 font-semibold">
        <TriangleAlert size={14} className="shrink-0 text-warn" aria-hidden="true" />
        {say("act.uncertain", { wish: wished(say, act) })}
      </p>
      <p className="mt-1 text-muted leading-snug">{say(doubtWords(act))}</p>
      <div className="mt-2.5 flex flex-wrap gap-2">
        <Button size="s" disabled={resolve.isPending} onClick={() => decide("done")}>
          {say("act.is_done")}
        </Button>
        <Button size="s" disabled={resolve.isPending} onClick={() => decide("not_done")}>
          {say("act.is_not_done")}
        </Button>
        {repeatable && (
          <Button
            size="s"
            disabled={resolve.isPending}
            icon={<RotateCcw size={13} />}
            onClick={() => decide("not_done", () => ask(message, act.wish))}
          >
            {say("outgoing.again")}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
