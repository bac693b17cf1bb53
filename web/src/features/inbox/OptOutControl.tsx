// In the contact's column: whether the customer wants to be written to, and changing that.
import { Ban } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat } from "#/api/types";
import { OptOutDialog, reasonWords } from "#/features/inbox/OptOutDialog";
import { useOptOut } from "#/features/inbox/optOut";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

export function OptOutControl({ chat }: { chat: Chat }) {
  const say = useWords();
  const locale = useLocale();
  const optOut = useOptOut(chat.id);
  const [asking, setAsking] = useState(false);
  const since = moment(chat.opt_out?.at);
  return (
    <section className="border-line border-t px-6 py-4" aria-label={say("opt_out.label")}>
      {chat.opt_out ? (
        <>
          <p className="flex items-start gap-2 text-[0.9375rem]">
            <Ban size={17} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
            {say("opt_out.is_out")}
          </p>
          <p className="mt-1 text-muted text-sm">
            {say(reasonWords[chat.opt_out.reason])}
            {since !== null && ` · ${shortMoment(since, locale)}`}
          </p>
          <Button
            size="s"
            className="mt-3"
            busy={optOut.isPending}
            onClick={() => optOut.mutate(null, { onError: (error) => void toast.error(problemWords(say, error)) })}
          >
            {say("opt_out.lift")}
          </Button>
        </>
      ) : (
        <Button size="s" icon={<Ban size={15} />} onClick={() => setAsking(true)}>
          {say("opt_out.set")}
        </Button>
      )}
      <OptOutDialog chat={chat} open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}
