// A quote inside a bubble; a press leads to the message that it quotes.
import { useWords } from "#/lib/words";

interface QuoteBlockProps {
  author: string | null | undefined;
  text: string;
  onGo(): void;
}

export function QuoteBlock({ author, text, onGo }: QuoteBlockProps) {
  const say = useWords();
  return (
    <blockquote className="mb-1.5">
      <button
        type="button"
        onClick={onGo}
        title={say("quote.go", { text: text.slice(0, 100) })}
        className="block w-full rounded-lg border-accent border-l-[3px] bg-black/15 px-2.5 py-1.5 text-left text-sm hover:bg-black/25 light:bg-black/5 light:hover:bg-black/10"
      >
        {author && <span className="block truncate font-semibold text-accent text-xs">{author}</span>}
        <span dir="auto" className="line-clamp-3 whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">
          {text}
        </span>
      </button>
    </blockquote>
  );
}
