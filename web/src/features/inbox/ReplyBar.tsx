// What is being answered, above the composer, with a way out.
import { Reply, X } from "lucide-react";
import type { Message } from "#/api/types";
import { useQuotedWords, useQuotes } from "#/features/inbox/QuoteContext";
import { useWords } from "#/lib/words";
import { IconButton } from "#/ui/Button";

interface ReplyBarProps {
  id: string;
  message: Message;
  onCancel(): void;
}

export function ReplyBar({ id, message, onCancel }: ReplyBarProps) {
  const say = useWords();
  const words = useQuotedWords();
  const name = useQuotes().author(message);
  return (
    <section
      aria-label={say("reply.to", { name })}
      className="mb-2 flex items-center gap-2.5 rounded-lg border-accent border-l-[3px] bg-raised py-1 pl-3"
    >
      <Reply size={15} className="shrink-0 text-accent" aria-hidden="true" />
      <p id={id} className="min-w-0 flex-1 text-sm">
        <span dir="auto" className="block truncate font-semibold text-accent">
          {name}
        </span>
        <span dir="auto" className="block truncate text-muted">
          {words(message)}
        </span>
      </p>
      <IconButton label={say("reply.cancel")} onClick={onCancel}>
        <X size={18} />
      </IconButton>
    </section>
  );
}
