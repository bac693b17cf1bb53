// Conversations that were joined into this one, and why; those that may be the same person; and a person's say in it.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleHelp, Merge, Split } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat, Join } from "#/api/types";
import { joins, reasonOf, useSay } from "#/features/inbox/joins";
import { paths } from "#/lib/paths";
import { grouped } from "#/lib/phone";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

export function Joins({ chat }: { chat: Chat }) {
  const say = useWords();
  const known = useQuery(joins(chat.id)).data ?? [];
  if (known.length === 0) return null;
  return (
    <section aria-label={say("joins.title")} className="border-line border-t">
      <h3 className="label-mono px-6 pt-3.5 text-faint">{say("joins.title")}</h3>
      <ul className="divide-y divide-line px-6">
        {known.map((join) => (
          <Entry key={join.id} chat={chat} join={join} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ chat, join }: { chat: Chat; join: Join }) {
  const say = useWords();
  const locale = useLocale();
  const asked = useSay(chat.id);
  const { name, state } = join;
  const phone = join.phone === "" ? say("joins.hidden", { name: join.into_name }) : grouped(join.phone);
  const at = shortMoment(moment(join.changed_at) ?? 0, locale);
  const tell = (one: "one" | "two"): void =>
    asked.mutate({ join: join.id, say: one }, { onError: (error) => toast.error(problemWords(say, error)) });
  const other = chat.id === join.from_chat ? join.into_chat : join.from_chat;
  const one = (
    <Button size="s" busy={asked.isPending} icon={<Merge size={14} aria-hidden="true" />} onClick={() => tell("one")}>
      {say(state === "suggested" ? "joins.one" : "joins.one_after_all")}
    </Button>
  );
  const two = (
    <Button size="s" busy={asked.isPending} icon={<Split size={14} aria-hidden="true" />} onClick={() => tell("two")}>
      {say(state === "joined" ? "joins.undo" : "joins.two")}
    </Button>
  );
  return (
    <li className="space-y-3 py-3.5 text-[0.9375rem]">
      {/* Told when it changes: the button that was pressed is gone then. */}
      <div role="status" className="space-y-1 [overflow-wrap:anywhere]">
        {state === "joined" && (
          <>
            <p>{say("joins.joined", { name, at, count: join.messages })}</p>
            <p className="text-muted text-sm">{say(reasonOf(join), { name, phone })}</p>
          </>
        )}
        {state === "suggested" && (
          <>
            <p className="flex gap-2">
              <CircleHelp size={16} className="mt-0.5 shrink-0 text-warn" aria-hidden="true" />
              {say("joins.suggested", { name, phone })}
            </p>
            <p className="text-muted text-sm">{say("joins.suggested_text", { name, phone })}</p>
          </>
        )}
        {(state === "undone" || state === "declined") && <p>{say("joins.apart", { name, phone, at })}</p>}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {state !== "joined" && one}
        {(state === "joined" || state === "suggested") && two}
        {state !== "joined" && (
          <Link to={paths.chat} params={{ chatId: other }} className="text-accent text-sm underline">
            {say("joins.other")}
          </Link>
        )}
      </div>
    </li>
  );
}
