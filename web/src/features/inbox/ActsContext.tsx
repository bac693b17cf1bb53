// What a conversation's bubbles need to act on their messages, without handing it through every row.
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Act, Chat, Message, Wish } from "#/api/types";
import { acts, useAsk } from "#/features/inbox/actQueries";
import { DeleteDialog } from "#/features/inbox/DeleteDialog";
import { ForwardDialog } from "#/features/inbox/ForwardDialog";
import { PinDialog } from "#/features/inbox/PinDialog";

/** What needs more than a press: a question in a dialog, or the composer. */
export type Beginning = "delete_for_me" | "delete_for_everyone" | "forward" | "pin" | "edit" | "reply";

interface Acts {
  /** The open acts of a message. */
  of(messageId: string): Act[];
  /** `key` only to repeat a request that got no answer. */
  ask(message: Pick<Message, "id" | "chat_id">, wish: Wish, key?: string): void;
  begin(what: Beginning, message: Message): void;
  /** Why nothing can be asked now; null when it can. */
  blocked: string | null;
}

const none: Act[] = [];
const Context = createContext<Acts>({ of: () => none, ask: () => {}, begin: () => {}, blocked: null });

export const useActs = (): Acts => useContext(Context);

interface ActsProviderProps {
  chat: Chat;
  blocked: string | null;
  onEdit(message: Message): void;
  onReply(message: Message): void;
  children: ReactNode;
}

export function ActsProvider({ chat, blocked, onEdit, onReply, children }: ActsProviderProps) {
  const open = useQuery(acts(chat.id));
  const { mutate } = useAsk();
  const [begun, setBegun] = useState<{ what: Beginning; message: Message } | null>(null);
  const value = useMemo<Acts>(() => {
    const byMessage = new Map<string, Act[]>();
    for (const act of open.data ?? []) byMessage.set(act.message_id, [...(byMessage.get(act.message_id) ?? []), act]);
    return {
      of: (messageId) => byMessage.get(messageId) ?? none,
      ask: (message, wish, key = crypto.randomUUID()) =>
        mutate({ chatId: message.chat_id, messageId: message.id, wish, key }),
      begin: (what, message) => {
        if (what === "edit") onEdit(message);
        else if (what === "reply") onReply(message);
        else setBegun({ what, message });
      },
      blocked,
    };
  }, [open.data, mutate, onEdit, onReply, blocked]);

  const close = (): void => setBegun(null);
  const asked = (wish: Wish): void => {
    if (begun) value.ask(begun.message, wish);
    close();
  };
  return (
    <Context.Provider value={value}>
      {children}
      <DeleteDialog
        whom={begun?.what === "delete_for_me" || begun?.what === "delete_for_everyone" ? begun.what : null}
        onAsk={asked}
        onClose={close}
      />
      <PinDialog open={begun?.what === "pin"} onAsk={asked} onClose={close} />
      <ForwardDialog open={begun?.what === "forward"} from={chat.id} onAsk={asked} onClose={close} />
    </Context.Provider>
  );
}
