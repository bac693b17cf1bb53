// What people answered with one emoji, hanging under the bubble.
import type { Message, Reaction } from "#/api/types";
import { type Say, useWords } from "#/lib/words";
import { cx } from "#/ui/cx";

/** One reaction in words, for those who do not see it. */
function inWords(say: Say, { emoji, count, ours }: Reaction): string {
  const known = count ?? 0;
  const words = known > 1 ? say("reaction.many", { emoji, count: known }) : say("reaction.one", { emoji });
  return ours ? say("reaction.with_yours", { reaction: words }) : words;
}

export function Reactions({ message }: { message: Message }) {
  const say = useWords();
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return null;
  return (
    <ul
      aria-label={say("reaction.list")}
      className={cx(
        "relative z-[1] -mt-1.5 flex w-fit max-w-full flex-wrap gap-1 px-2",
        message.direction === "out" ? "ml-auto justify-end" : "mr-auto",
      )}
    >
      {reactions.map((reaction) => (
        <li
          key={reaction.emoji}
          className={cx(
            "flex h-6 items-center gap-1 rounded-full border bg-raised px-1.5 text-sm leading-none shadow-float",
            reaction.ours ? "border-accent" : "border-line",
          )}
        >
          <span className="sr-only">{inWords(say, reaction)}</span>
          <span aria-hidden="true">{reaction.emoji}</span>
          {(reaction.count ?? 1) > 1 && (
            <span aria-hidden="true" className="font-mono text-[0.6875rem] text-muted">
              {reaction.count}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
