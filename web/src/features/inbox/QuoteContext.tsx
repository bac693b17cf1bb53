// What a quote needs to lead to its message, without handing it through every row.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef } from "react";
import { toast } from "sonner";
import type { Chat, Message, MessageKind } from "#/api/types";
import { kindSigns } from "#/features/inbox/kinds";
import { quotedBy } from "#/features/inbox/quotes";
import { useWords } from "#/lib/words";

interface Quotes {
  /** Goes to a message, or to the one that it quotes. */
  go(to: { id: string } | { quotedBy: Message }): void;
  /** Who wrote what is quoted. */
  author(of: { direction?: string | null | undefined; sender?: string | null | undefined }): string;
}

const Context = createContext<Quotes>({ go: () => {}, author: () => "" });

export const useQuotes = (): Quotes => useContext(Context);

interface QuotesProviderProps {
  chat: Chat;
  /** Oldest first, as far as they are loaded. */
  known: Message[];
  onGo(messageId: string): void;
  children: ReactNode;
}

export function QuotesProvider({ chat, known, onGo, children }: QuotesProviderProps) {
  const say = useWords();
  const latest = useRef(known);
  latest.current = known;
  const go = useCallback<Quotes["go"]>(
    (to) => {
      const id = "id" in to ? to.id : quotedBy(to.quotedBy, latest.current)?.id;
      if (id !== undefined && latest.current.some((message) => message.id === id)) onGo(id);
      else toast.info(say("quote.not_here"));
    },
    [onGo, say],
  );
  const value = useMemo<Quotes>(
    () => ({
      go,
      author: ({ direction, sender }) => (direction === "out" ? say("quote.you") : (sender ?? chat.title)),
    }),
    [go, say, chat.title],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** The words of a quoted message: its text, or what it is. */
export function useQuotedWords(): (message: { text?: string | null; kind?: MessageKind | null }) => string {
  const say = useWords();
  return ({ text, kind }) => text || (kind && kind !== "text" ? say(kindSigns[kind].words) : "");
}
