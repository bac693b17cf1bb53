// Which chats the list shows: those of WhatsApp's list, or the archived ones.
import { Archive } from "lucide-react";
import type { Shelf } from "#/features/inbox/address";
import { useWords } from "#/lib/words";

interface ListFilterProps {
  shelf: Shelf;
  archived: number;
  onChoose(shelf: Shelf): void;
}

export function ListFilter({ shelf, archived, onChoose }: ListFilterProps) {
  const say = useWords();
  const chip =
    "flex h-8 items-center gap-1.5 rounded-full border border-edge px-3 text-muted text-sm transition-colors hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent";
  return (
    <fieldset aria-label={say("inbox.filter")} className="flex gap-2 px-4 pb-3">
      <button type="button" aria-pressed={shelf === "all"} onClick={() => onChoose("all")} className={chip}>
        {say("inbox.filter_all")}
      </button>
      <button type="button" aria-pressed={shelf === "archived"} onClick={() => onChoose("archived")} className={chip}>
        <Archive size={14} aria-hidden="true" />
        {say("inbox.filter_archived")}
        {archived > 0 && <span className="font-mono text-xs">{archived}</span>}
      </button>
    </fieldset>
  );
}
