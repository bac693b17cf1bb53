// What WhatsApp shows of the person or group, with where and since when; and the button that has it read again.
import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat, Contact, FactKind, FactSource } from "#/api/types";
import { contact, type Known, knownOf, linkOf, shownKinds, useReadContact } from "#/features/inbox/contact";
import { Members } from "#/features/inbox/Members";
import { PhoneNumber } from "#/features/inbox/PhoneNumber";
import { moment, shortMoment } from "#/lib/time";
import { type Say, useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Spinner } from "#/ui/Spinner";

const kindWords: Record<FactKind, string> = {
  name: "panel.name",
  phone: "panel.number",
  push_name: "panel.push_name",
  about: "panel.about",
  description: "panel.description",
  hours: "panel.hours",
  email: "panel.email",
  website: "panel.website",
};

const sourceWords: Record<FactSource, string> = {
  panel: "panel.source_panel",
  composer: "panel.source_composer",
  title: "panel.source_title",
};

export function ContactFacts({ chat }: { chat: Chat }) {
  const say = useWords();
  const known = useQuery(contact(chat.id));
  if (known.isPending)
    return (
      <p className="flex items-center gap-2 px-6 py-4 text-muted text-sm" role="status">
        <Spinner size={16} />
        {say("panel.loading")}
      </p>
    );
  if (known.isError)
    return (
      <div className="space-y-3 px-6 py-4 text-sm" role="alert">
        <p>{problemWords(say, known.error)}</p>
        <Button size="s" onClick={() => void known.refetch()}>
          {say("panel.load_again")}
        </Button>
      </div>
    );
  return <Facts chat={chat} known={known.data} />;
}

function Facts({ chat, known }: { chat: Chat; known: Contact }) {
  const say = useWords();
  const rows = shownKinds
    .map((kind) => ({ kind, values: knownOf(known.facts, kind) }))
    .filter(({ kind, values }) => values.length > 0 || (kind === "phone" && chat.kind !== "group"));
  return (
    <>
      <dl className="divide-y divide-line px-6">
        {rows.map(({ kind, values }) => (
          <Row key={kind} name={say(kindWords[kind])}>
            {values.length === 0 && <Listed phone={chat.phone ?? null} hidden={known.number_hidden} />}
            {values.map((value) => (
              <Value key={value.value} kind={kind} known={value} />
            ))}
          </Row>
        ))}
      </dl>
      {(chat.kind === "group" || known.members) && <Members known={known} />}
      <Reading chat={chat} known={known} />
    </>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="py-3.5">
      <dt className="label-mono text-faint">{name}</dt>
      <dd className="mt-1 space-y-2 text-[0.9375rem]">{children}</dd>
    </div>
  );
}

/** The list's number, where the panel told none. */
function Listed({ phone, hidden }: { phone: string | null; hidden: boolean }) {
  const say = useWords();
  if (phone) return <PhoneNumber number={phone} />;
  return <span className="text-muted">{say(hidden ? "panel.number_hidden" : "panel.number_unknown")}</span>;
}

function Value({ kind, known }: { kind: FactKind; known: Known }) {
  const say = useWords();
  const locale = useLocale();
  const at = moment(known.since);
  const link = linkOf(kind, known.value);
  const from = listed(
    known.sources.map((source) => say(sourceWords[source])),
    locale,
  );
  return (
    <div>
      {kind === "phone" ? (
        <PhoneNumber number={known.value} />
      ) : (
        <p dir="auto" className="whitespace-pre-line [overflow-wrap:anywhere]">
          {link ? (
            <a href={link} target="_blank" rel="noopener noreferrer" className="text-accent underline">
              {known.value}
            </a>
          ) : (
            known.value
          )}
        </p>
      )}
      <p className="mt-0.5 text-faint text-xs">
        {say("panel.fact_since", { source: from, at: at === null ? "" : shortMoment(at, locale) })}
      </p>
    </div>
  );
}

function listed(words: string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(words);
}

/** How far reading the panel has come. */
function stateWords(say: Say, known: Contact, locale: string): string {
  const at = moment(known.read_at);
  switch (known.panel) {
    case "unread":
      return say("panel.never_read");
    case "wanted":
      return say("panel.reading");
    case "failed":
      return say("panel.read_failed");
    case "read":
      return say("panel.read_at", { at: at === null ? "" : shortMoment(at, locale) });
  }
}

function Reading({ chat, known }: { chat: Chat; known: Contact }) {
  const say = useWords();
  const locale = useLocale();
  const read = useReadContact();
  const { error } = read;
  useEffect(() => {
    if (error) toast.error(problemWords(say, error));
  }, [error, say]);
  const waits = known.panel === "wanted" || read.isPending;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-line border-t px-6 py-4">
      <p className="min-w-0 flex-1 basis-40 text-muted text-sm" role="status">
        {stateWords(say, known, locale)}
      </p>
      <Button
        size="s"
        busy={waits}
        disabled={chat.ambiguous}
        icon={<RefreshCw size={14} aria-hidden="true" />}
        onClick={() => read.mutate(chat.id)}
      >
        {say(known.panel === "unread" ? "panel.read_now" : "panel.read_again")}
      </Button>
    </div>
  );
}
