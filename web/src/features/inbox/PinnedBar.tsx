// The pinned messages of a conversation, newest first; a press goes to the one shown and then shows the next.
import { Pin } from "lucide-react";
import { useState } from "react";
import type { Message } from "#/api/types";
import { kindSigns } from "#/features/inbox/kinds";
import { useWords } from "#/lib/words";

interface PinnedBarProps {
  /** Oldest first, as far as they are loaded. */
  pinned: Message[];
  onGo(messageId: string): void;
}

export function PinnedBar({ pinned, onGo }: PinnedBarProps) {
  const say = useWords();
  const [turn, setTurn] = useState(0);
  const place = turn % Math.max(1, pinned.length);
  const shown = pinned[pinned.length - 1 - place];
  if (!shown) return null;
  const text = shown.text || (shown.kind === "text" ? "" : say(kindSigns[shown.kind].words));
  return (
    <button
      type="button"
      onClick={() => {
        onGo(shown.id);
        setTurn(place + 1);
      }}
      aria-label={say("pinned.go", { text })}
      className="flex h-11 w-full shrink-0 items-center gap-3 border-line border-b bg-surface px-4 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2"
    >
      <Pin size={15} className="shrink-0 text-accent" aria-hidden="true" />
      <span dir="auto" className="min-w-0 flex-1 truncate text-muted">
        {text}
      </span>
      {pinned.length > 1 && (
        <span className="shrink-0 font-mono text-faint text-xs">
          {place + 1}/{pinned.length}
        </span>
      )}
    </button>
  );
}
