// One conversation in the list.
import { Link } from "@tanstack/react-router";
import { Archive, BellOff, CircleHelp, EyeOff, Pin } from "lucide-react";
import { memo } from "react";
import type { Chat } from "#/api/types";
import { listAddress, type Shelf } from "#/features/inbox/address";
import { ChatAvatar } from "#/features/inbox/ChatAvatar";
import { tickOf, tickWords } from "#/features/inbox/ticks";
import { paths } from "#/lib/paths";
import { listTime, moment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Ticks } from "#/ui/Ticks";

interface ChatRowProps {
  chat: Chat;
  index: number;
  selected: boolean;
  typed: string;
  /** The shelf that was chosen for the list. */
  chosen: Shelf | null;
  now: number;
}

export const ChatRow = memo(function ChatRow({ chat, index, selected, typed, chosen, now }: ChatRowProps) {
  const say = useWords();
  const locale = useLocale();
  const { preview } = chat;
  const at = moment(preview?.at);
  const time = at === null ? (preview?.time_text ?? "") : listTime(at, now, locale);
  const tick = preview?.from_me ? tickOf("out", preview.ack) : null;
  const fresh = chat.unread > 0 || chat.marked_unread;
  return (
    <Link
      to={paths.chat}
      params={{ chatId: chat.id }}
      search={listAddress(typed, chosen)}
      data-index={index}
      aria-current={selected ? "page" : undefined}
      className="group relative flex h-[68px] w-full items-center transition-colors hover:bg-hover focus-visible:-outline-offset-2 aria-[current=page]:bg-active"
    >
      <ChatAvatar chat={chat} size={68} />
      {selected && <span className="absolute inset-y-0 left-0 w-[3px] bg-accent" />}
      <span className="min-w-0 flex-1 border-line border-b px-3.5 py-3 leading-tight">
        <span className="flex items-baseline gap-2">
          <span dir="auto" className={`min-w-0 flex-1 truncate text-left ${fresh ? "font-semibold" : "font-medium"}`}>
            {chat.title}
          </span>
          <span className={`shrink-0 font-mono text-[0.6875rem] ${fresh ? "text-accent" : "text-faint"}`}>{time}</span>
        </span>
        <span className="mt-1.5 flex h-5 items-center gap-1.5 text-sm">
          {tick && (
            <span className="text-faint">
              <Ticks tick={tick} label={say(tickWords[tick])} />
            </span>
          )}
          <span dir="auto" className={`min-w-0 flex-1 truncate ${fresh ? "text-text" : "text-muted"}`}>
            {preview?.from_me && <span className="text-faint">{say("inbox.you")} </span>}
            {preview ? preview.text || say("inbox.no_text") : ""}
          </span>
          <Marks chat={chat} />
        </span>
      </span>
    </Link>
  );
});

function Marks({ chat }: { chat: Chat }) {
  const say = useWords();
  const sign = "shrink-0 text-faint";
  return (
    <span className="flex shrink-0 items-center gap-1.5">
      {chat.ambiguous && (
        <CircleHelp size={15} className="shrink-0 text-warn" role="img" aria-label={say("chat.ambiguous")} />
      )}
      {chat.archived && <Archive size={14} className={sign} role="img" aria-label={say("chat.archived")} />}
      {chat.muted && <BellOff size={14} className={sign} role="img" aria-label={say("chat.muted")} />}
      {chat.pinned && <Pin size={14} className={sign} role="img" aria-label={say("chat.pinned")} />}
      {chat.not_read_yet > 0 && (
        <span
          role="img"
          aria-label={say("chat.not_read_yet", { count: chat.not_read_yet })}
          title={`${say("chat.not_read_yet", { count: chat.not_read_yet })}. ${say("chat.not_read_yet_text")}`}
          className="flex size-5 items-center justify-center rounded-full border border-accent/50 border-dashed text-accent"
        >
          <EyeOff size={11} aria-hidden="true" />
        </span>
      )}
      {chat.unread > 0 ? (
        <span className="min-w-5 rounded-full bg-accent px-1.5 text-center font-mono font-semibold text-[0.6875rem] text-accent-ink leading-5">
          <span aria-hidden="true">{chat.unread > 999 ? "999+" : chat.unread}</span>
          <span className="sr-only">{say("chat.unread", { count: chat.unread })}</span>
        </span>
      ) : (
        chat.marked_unread && (
          <span className="size-2.5 rounded-full bg-accent" role="img" aria-label={say("chat.marked_unread")} />
        )
      )}
    </span>
  );
}
