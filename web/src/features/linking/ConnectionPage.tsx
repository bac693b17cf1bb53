// The connection: what it is good for now, when it was not, and how to end it.
import { useState } from "react";
import type { Condition } from "#/api/types";
import { CollectionCard } from "#/features/linking/CollectionCard";
import { LinkHistory } from "#/features/linking/LinkHistory";
import { PartingDialog } from "#/features/linking/PartingDialog";
import { UseHere } from "#/features/linking/PausedPhase";
import { useConnection } from "#/features/linking/queries";
import { reasonWords } from "#/features/linking/reasons";
import { grouped } from "#/lib/phone";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

const conditionWords: Record<Condition, string> = {
  connected: "condition.connected",
  deaf: "condition.deaf",
  unknown: "condition.unknown",
  disconnected: "condition.disconnected",
};

const tones: Record<Condition, string> = {
  connected: "bg-accent",
  deaf: "bg-warn",
  unknown: "bg-warn",
  disconnected: "bg-faint",
};

export function ConnectionPage({ isOwner }: { isOwner: boolean }) {
  const say = useWords();
  const locale = useLocale();
  const { shown, link } = useConnection();
  const [ending, setEnding] = useState<"disconnect" | "wipe" | null>(null);
  const condition = link?.condition ?? "disconnected";
  const since = moment(link?.condition_since);
  return (
    <main className="scroll-quiet h-full overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl space-y-6 px-4 py-8 wide:px-8">
        <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("connection.title")}</h1>
        <section className="rounded-2xl border border-line bg-surface p-5 sm:p-6" aria-labelledby="connection-now">
          <div className="flex items-center gap-3">
            <span className={`size-2.5 shrink-0 rounded-full ${tones[condition]}`} aria-hidden="true" />
            <h2 id="connection-now" className="font-semibold text-lg">
              {say(conditionWords[condition])}
            </h2>
          </div>
          <p className="mt-1 text-muted text-sm">
            {since === null ? "" : say("connection.since", { time: shortMoment(since, locale) })}
          </p>
          <p className="mt-3">{reasonWords(say, shown, locale)}</p>
          {link?.phone && (
            <p className="mt-3 text-muted text-sm">
              {say("pill.number")}{" "}
              <span className="font-mono text-text" dir="ltr">
                {grouped(link.phone)}
              </span>
            </p>
          )}
          {link?.state === "conflict" && (
            <div className="mt-4">
              <UseHere />
            </div>
          )}
        </section>
        <CollectionCard />
        <LinkHistory />
        {isOwner && (
          <section className="rounded-2xl border border-line bg-surface p-5 sm:p-6" aria-labelledby="connection-end">
            <h2 id="connection-end" className="font-semibold text-lg">
              {say("connection.end_title")}
            </h2>
            <div className="mt-4 flex flex-col gap-4 sm:flex-row sm:items-center sm:justify-between">
              <p className="max-w-md text-muted text-sm">{say("connection.disconnect_text")}</p>
              <Button onClick={() => setEnding("disconnect")}>{say("connection.disconnect")}</Button>
            </div>
            <div className="mt-5 flex flex-col gap-4 border-line border-t pt-5 sm:flex-row sm:items-center sm:justify-between">
              <p className="max-w-md text-muted text-sm">{say("connection.wipe_text")}</p>
              <Button look="danger" onClick={() => setEnding("wipe")}>
                {say("connection.wipe")}
              </Button>
            </div>
          </section>
        )}
      </div>
      {ending && <PartingDialog kind={ending} onClose={() => setEnding(null)} />}
    </main>
  );
}
