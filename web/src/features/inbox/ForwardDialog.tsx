// To whom a message goes as well: one chat, found by name or number, and confirmed.
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useId, useMemo, useState } from "react";
import type { Chat, Wish } from "#/api/types";
import { ChatAvatar } from "#/features/inbox/ChatAvatar";
import { chats } from "#/features/inbox/queries";
import { subtitle } from "#/features/inbox/subtitle";
import { matchesPerson } from "#/lib/people";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";

/** More rows than anybody reads; typing narrows them. */
const mostRows = 50;

interface ForwardDialogProps {
  open: boolean;
  /** The message's own chat, which has it already. */
  from: string;
  onAsk(wish: Wish): void;
  onClose(): void;
}

export function ForwardDialog({ open, from, onAsk, onClose }: ForwardDialogProps) {
  const say = useWords();
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      title={say("forward.title")}
      description={say("forward.text")}
      closeLabel={say("dialog.close")}
    >
      <Choice from={from} onAsk={onAsk} onClose={onClose} />
    </Dialog>
  );
}

function Choice({ from, onAsk, onClose }: Omit<ForwardDialogProps, "open">) {
  const say = useWords();
  const id = useId();
  const listed = useQuery(chats());
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Chat | null>(null);
  const found = useMemo(
    () =>
      (listed.data ?? []).filter(
        (chat) => chat.id !== from && !chat.ambiguous && matchesPerson(typed, chat.title, chat.phone),
      ),
    [listed.data, from, typed],
  );
  return (
    <>
      <div className="relative">
        <Search size={17} className="absolute top-3 left-3 text-faint" aria-hidden="true" />
        <input
          type="search"
          data-first
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-label={say("forward.search")}
          placeholder={say("forward.search")}
          className="h-11 w-full rounded-lg border border-edge bg-canvas pr-3 pl-10 focus-visible:outline-offset-0"
        />
      </div>
      <fieldset className="scroll-quiet relative mt-3 h-64 min-w-0 overflow-y-auto" aria-describedby={`${id}-count`}>
        <legend className="sr-only">{say("forward.title")}</legend>
        {found.slice(0, mostRows).map((chat) => (
          <label
            key={chat.id}
            className="flex h-14 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-hover has-[:checked]:bg-active has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
          >
            <input
              type="radio"
              name="forward-to"
              checked={chosen?.id === chat.id}
              onChange={() => setChosen(chat)}
              className="size-4 accent-accent"
            />
            <ChatAvatar chat={chat} size={40} />
            <span className="min-w-0 flex-1 leading-tight">
              <span dir="auto" className="block truncate font-medium">
                {chat.title}
              </span>
              <span className="block truncate font-mono text-faint text-xs">{subtitle(say, chat)}</span>
            </span>
          </label>
        ))}
        <p id={`${id}-count`} role="status" className={found.length === 0 ? "p-4 text-muted text-sm" : "sr-only"}>
          {found.length === 0 ? say("forward.none") : say("forward.found", { count: found.length })}
        </p>
      </fieldset>
      <DialogButtons onCancel={onClose}>
        <Button
          look="primary"
          disabled={chosen === null}
          onClick={() => chosen && onAsk({ kind: "forward", to: chosen.id })}
          className="max-w-full"
        >
          <span className="truncate">{chosen ? say("forward.to", { name: chosen.title }) : say("menu.forward")}</span>
        </Button>
      </DialogButtons>
    </>
  );
}
