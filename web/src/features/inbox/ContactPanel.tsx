// Who the conversation is with.
import { useQuery } from "@tanstack/react-query";
import { Archive, BellOff, CircleHelp, History, Pin, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Chat, Collected } from "#/api/types";
import { ChatAvatarButton } from "#/features/inbox/ChatAvatar";
import { ContactFacts } from "#/features/inbox/ContactFacts";
import { Joins } from "#/features/inbox/Joins";
import { OptOutControl } from "#/features/inbox/OptOutControl";
import { history } from "#/features/inbox/queries";
import { chatKindWords } from "#/features/inbox/subtitle";
import { useViewer } from "#/features/inbox/useViewer";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { IconButton } from "#/ui/Button";

interface ContactPanelProps {
  chat: Chat;
  /** Nothing else shows the chat: whoever looks at this looks at it. */
  alone: boolean;
  onClose(): void;
}

export function ContactPanel({ chat, alone, onClose }: ContactPanelProps) {
  const say = useWords();
  useViewer(chat.id, alone);
  const marks = [
    { on: chat.pinned, icon: <Pin size={14} />, word: say("chat.pinned") },
    { on: chat.muted, icon: <BellOff size={14} />, word: say("chat.muted") },
    { on: chat.archived, icon: <Archive size={14} />, word: say("chat.archived") },
    { on: chat.ambiguous, icon: <CircleHelp size={14} />, word: say("chat.ambiguous") },
  ].filter((mark) => mark.on);
  return (
    <aside className="flex h-full flex-col bg-surface" aria-label={say("panel.label")}>
      <header className="flex h-[60px] shrink-0 items-center justify-between border-line border-b pr-2 pl-5">
        <h2 className="font-semibold">{say("panel.label")}</h2>
        <IconButton label={say("panel.hide")} onClick={onClose}>
          <X size={19} />
        </IconButton>
      </header>
      <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto">
        <div className="flex flex-col items-center border-line border-b px-6 py-8 text-center">
          <ChatAvatarButton chat={chat} size={112} className="rounded-3xl" />
          <p
            dir="auto"
            className="mt-5 max-w-full text-balance font-semibold text-xl tracking-[-0.01em] [overflow-wrap:anywhere]"
          >
            {chat.title}
          </p>
          {marks.length > 0 && (
            <ul className="mt-4 flex flex-wrap justify-center gap-2">
              {marks.map((mark) => (
                <li
                  key={mark.word}
                  className="label-mono flex items-center gap-1.5 rounded-full border border-edge px-2.5 py-1 text-muted"
                >
                  {mark.icon}
                  {mark.word}
                </li>
              ))}
            </ul>
          )}
        </div>
        <ContactFacts chat={chat} />
        <Joins chat={chat} />
        {(chat.kind !== "group" || chat.opt_out) && <OptOutControl chat={chat} />}
        <dl className="divide-y divide-line border-line border-t px-6">
          <Fact name={say("panel.kind")}>{say(chatKindWords[chat.kind])}</Fact>
          <Fact name={say("panel.unread")}>{say("chat.unread", { count: chat.unread })}</Fact>
          <Fact name={say("panel.history")}>
            <span className="inline-flex items-center gap-2">
              <History size={15} className="text-faint" aria-hidden="true" />
              {chat.history_complete ? say("panel.history_complete") : say("panel.history_partial")}
            </span>
          </Fact>
          <Stored chat={chat} />
        </dl>
      </div>
    </aside>
  );
}

/** How much is stored, in figures that can be checked; fetched anew as long as the panel is open. */
function Stored({ chat }: { chat: Chat }) {
  const say = useWords();
  const past = useQuery({ ...history(chat.id), refetchOnMount: "always", refetchInterval: 5_000 }).data;
  if (!past) return null;
  const open = past.gaps.filter((gap) => gap.state === "open").length;
  const closed = past.gaps.filter((gap) => gap.state === "closed");
  const found = closed.reduce((sum, gap) => sum + gap.found, 0);
  return (
    <Fact name={say("panel.stored")}>
      {say("panel.stored_count", { count: past.messages })}
      {past.provisional > 0 && ` ${say("panel.stored_provisional", { count: past.provisional })}`}
      {open > 0 && <span className="block text-sm text-warn">{say("panel.gaps_open", { count: open })}</span>}
      {closed.length > 0 && (
        <span className="block text-muted text-sm">{say("panel.gaps_closed", { count: closed.length, found })}</span>
      )}
      {past.collected && <CollectedPast past={past.collected} />}
    </Fact>
  );
}

const boundaryWords: Record<Collected["boundary"], string> = {
  start: "panel.collected_start",
  on_phone: "panel.collected_phone",
  limit: "panel.collected_limit",
  nothing_more: "panel.collected_nothing_more",
};

/** What was stored when the past was read by itself, and where it ended. */
function CollectedPast({ past }: { past: Collected }) {
  const say = useWords();
  const locale = useLocale();
  const at = moment(past.at);
  return (
    <span className="mt-1 block text-muted text-sm">
      {say(boundaryWords[past.boundary], { count: past.messages, at: at === null ? "" : shortMoment(at, locale) })}
      {past.files + past.files_missing > 0 &&
        ` ${say("panel.collected_files", { stored: past.files, all: past.files + past.files_missing })}`}
    </span>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="py-3.5">
      <dt className="label-mono text-faint">{name}</dt>
      <dd className="mt-1 text-[0.9375rem]">{children}</dd>
    </div>
  );
}
