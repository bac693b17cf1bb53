// The members of a group that WhatsApp's info panel showed: never said to be all of them unless their number says so.
import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { useId } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Contact, Member } from "#/api/types";
import { useReadMembers } from "#/features/inbox/contact";
import { countOf, nameOf } from "#/features/inbox/members";
import { paths } from "#/lib/paths";
import { grouped } from "#/lib/phone";
import { moment, shortMoment } from "#/lib/time";
import { type Say, useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

export function Members({ known }: { known: Contact }) {
  const say = useWords();
  const locale = useLocale();
  const heading = useId();
  const { members } = known;
  const time = (text: string): string => {
    const at = moment(text);
    return at === null ? "" : shortMoment(at, locale);
  };
  return (
    <section aria-labelledby={heading} className="border-line border-t px-6 py-4">
      <h3 id={heading} className="label-mono text-faint">
        {say("members.title")}
      </h3>
      {members ? (
        <>
          <p className="mt-1 text-[0.9375rem]">{countWords(say, members.shown.length, members.total ?? null)}</p>
          {countOf(members.shown.length, members.total ?? null) === "some" && <ShowAll known={known} />}
          <ul className="mt-2 divide-y divide-line">
            {members.shown.map((member, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same name, and the list is replaced whole
              <Row key={place} member={member} />
            ))}
          </ul>
          <p className="mt-2 text-faint text-xs">
            {say("members.since", { at: time(members.since), seen: time(members.seen_at) })}
          </p>
        </>
      ) : (
        <p className="mt-1 text-muted text-sm">{say(known.panel === "read" ? "members.none" : "members.unread")}</p>
      )}
    </section>
  );
}

/** All of a large group stand in a dialog of WhatsApp, which is opened only because somebody asks here. */
function ShowAll({ known }: { known: Contact }) {
  const say = useWords();
  const read = useReadMembers();
  const waits = known.panel === "wanted";
  return (
    <>
      <Button
        size="s"
        className="mt-2"
        busy={read.isPending || waits}
        icon={<Users size={15} aria-hidden="true" />}
        onClick={() => read.mutate(known.chat_id, { onError: (error) => void toast.error(problemWords(say, error)) })}
      >
        {say("members.show_all")}
      </Button>
      <p className="mt-1 text-muted text-sm" role="status">
        {waits && say("members.reading")}
        {known.panel === "failed" && say("members.failed")}
      </p>
    </>
  );
}

function countWords(say: Say, shown: number, total: number | null): string {
  switch (countOf(shown, total)) {
    case "all":
      return say("members.all", { count: shown });
    case "some":
      return say("members.some", { shown, total: total ?? 0 });
    case "unknown":
      return say("members.unknown", { count: shown });
  }
}

function Row({ member }: { member: Member }) {
  const say = useWords();
  const { title, isNumber } = nameOf(member);
  const name = (
    <span dir={isNumber ? "ltr" : "auto"} className="[overflow-wrap:anywhere]">
      {title}
    </span>
  );
  return (
    // Of a thousand only those in view are laid out.
    <li className="flex min-h-11 items-center justify-between gap-3 py-2 [contain-intrinsic-size:auto_2.75rem] [content-visibility:auto]">
      <div className="min-w-0">
        {member.chat_id ? (
          <Link to={paths.chat} params={{ chatId: member.chat_id }} className="text-accent underline">
            {name}
          </Link>
        ) : (
          name
        )}
        {member.phone && !isNumber && (
          <p className="font-mono text-muted text-sm" dir="ltr">
            {grouped(member.phone)}
          </p>
        )}
        {member.push_name && isNumber && (
          <p dir="auto" className="text-muted text-sm [overflow-wrap:anywhere]">
            ~{member.push_name}
          </p>
        )}
      </div>
      {member.admin && (
        <span className="label-mono shrink-0 rounded-full border border-edge px-2.5 py-1 text-muted">
          {say("members.admin")}
        </span>
      )}
    </li>
  );
}
