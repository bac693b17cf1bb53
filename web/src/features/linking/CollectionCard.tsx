// How far reading the past of all conversations is, why it rests, and its pause.
import { useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Collection } from "#/api/types";
import { collection, usePauseCollection } from "#/features/linking/queries";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Progress } from "#/ui/Progress";

const stateWords: Record<Collection["state"], string> = {
  running: "collection.running",
  working: "collection.working",
  busy: "collection.busy",
  paused: "collection.paused",
  not_linked: "collection.not_linked",
  only_opened: "collection.only_opened",
  later: "collection.later",
  done: "collection.done",
  off: "collection.off",
};

export function CollectionCard() {
  const say = useWords();
  const now = useQuery(collection()).data;
  const pause = usePauseCollection();
  if (!now || now.state === "off") return null;
  const set = (paused: boolean): void => {
    pause.mutate(paused, { onError: (error) => void toast.error(problemWords(say, error)) });
  };
  const paused = now.state === "paused";
  const over = now.state === "done";
  return (
    <section className="rounded-2xl border border-line bg-surface p-5 sm:p-6" aria-labelledby="collection">
      <h2 id="collection" className="font-semibold text-lg">
        {say("collection.title")}
      </h2>
      <p className="mt-1 text-muted text-sm">{say("collection.lead")}</p>
      <p className="mt-4 tabular-nums">
        {say("collection.chats", { collected: now.collected, chats: now.chats })}
        <span className="text-muted">
          {" · "}
          {say("panel.stored_count", { count: now.messages })}
        </span>
      </p>
      <div className="mt-2.5">
        <Progress
          share={now.chats === 0 ? null : now.collected / now.chats}
          moving={now.state === "running"}
          label={say("collection.title")}
        />
      </div>
      <div className="mt-4 flex flex-col gap-4 sm:flex-row sm:items-center sm:justify-between">
        <p className="max-w-md text-muted text-sm" role="status">
          {say(stateWords[now.state])}
        </p>
        {(!over || paused) && (
          <Button busy={pause.isPending} onClick={() => set(!paused)} className="shrink-0">
            {say(paused ? "collection.resume" : "collection.pause")}
          </Button>
        )}
      </div>
      {now.failed > 0 && (
        <div className="mt-4 flex flex-col gap-4 border-line border-t pt-4 sm:flex-row sm:items-center sm:justify-between">
          <p className="text-sm text-warn">{say("collection.failed", { count: now.failed })}</p>
          <Button busy={pause.isPending} onClick={() => set(false)} className="shrink-0">
            {say("collection.again")}
          </Button>
        </div>
      )}
      {now.ambiguous > 0 && (
        <p className="mt-3 text-muted text-sm">{say("collection.ambiguous", { count: now.ambiguous })}</p>
      )}
    </section>
  );
}
