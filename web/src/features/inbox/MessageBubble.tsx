// One stored message.
import { CircleHelp, Forward, Pin, Star } from "lucide-react";
import { memo, useState } from "react";
import type { Message } from "#/api/types";
import { ActNotes } from "#/features/inbox/ActNotes";
import { isFewEmoji } from "#/features/inbox/emoji";
import { kindSigns } from "#/features/inbox/kinds";
import { MediaFiles } from "#/features/inbox/MediaFiles";
import { MessageMenu } from "#/features/inbox/MessageMenu";
import { QuoteBlock } from "#/features/inbox/QuoteBlock";
import { useQuotes } from "#/features/inbox/QuoteContext";
import { Reactions } from "#/features/inbox/Reactions";
import { tickOf, tickWords } from "#/features/inbox/ticks";
import { useMenuPress } from "#/features/inbox/usePress";
import { hueOf } from "#/lib/people";
import { clockTime, fullTime, moment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { cx } from "#/ui/cx";
import { Ticks } from "#/ui/Ticks";

interface MessageBubbleProps {
  message: Message;
  first: boolean;
  inGroup: boolean;
}

export const MessageBubble = memo(function MessageBubble({ message, first, inGroup }: MessageBubbleProps) {
  const say = useWords();
  const quotes = useQuotes();
  const ours = message.direction === "out";
  const provisional = message.source === "list";
  const [menu, setMenu] = useState(false);
  const { onKeyDown, ...press } = useMenuPress(() => setMenu(true));
  const note =
    message.direction === "unknown"
      ? say("message.unknown_direction")
      : message.failed
        ? say("message.failed")
        : provisional
          ? say("message.provisional")
          : message.cut
            ? say("message.cut")
            : null;
  return (
    <article
      className={cx(
        "group/row flex px-4 outline-none wide:px-[6%]",
        first ? "pt-2.5" : "pt-1",
        ours ? "justify-end" : "justify-start",
      )}
      aria-label={ours ? say("message.from_you") : say("message.from", { name: message.sender ?? say("message.them") })}
      data-direction={message.direction}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the menu of a message must be reachable by keyboard.
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="relative max-w-[min(88%,36rem)]">
        <MessageMenu message={message} open={menu} onOpenChange={setMenu} />
        <div
          {...press}
          className={cx(
            "w-fit max-w-full rounded-2xl px-3.5 outline-accent group-focus-visible/row:outline-2 py-2 light:shadow-[0_1px_1.5px_rgb(16_32_26/0.1)]",
            ours ? "bg-sent" : "bg-received",
            ours && "ml-auto",
            first && (ours ? "rounded-tr-md" : "rounded-tl-md"),
            provisional && "border border-faint/60 border-dashed bg-transparent",
            message.failed && "border border-danger/60",
          )}
        >
          {inGroup && !ours && first && message.sender && (
            <p
              dir="auto"
              className="mb-0.5 font-semibold text-[0.8125rem]"
              style={{ color: `hsl(${hueOf(message.sender)} 55% var(--qn-name))` }}
            >
              {message.sender}
            </p>
          )}
          {message.forwarded && (
            <p className="mb-0.5 flex items-center gap-1.5 text-faint text-xs italic">
              <Forward size={13} aria-hidden="true" />
              {say("message.forwarded")}
            </p>
          )}
          {message.quoted && (
            <QuoteBlock
              author={message.quoted.sender}
              text={message.quoted.text}
              onGo={() => quotes.go({ quotedBy: message })}
            />
          )}
          <div className="flex flex-wrap items-end justify-end gap-x-3">
            <Body message={message} />
            <Meta message={message} />
          </div>
          {note && (
            <p className={cx("mt-1 flex items-center gap-1.5 text-xs", message.failed ? "text-danger" : "text-faint")}>
              {message.direction === "unknown" && <CircleHelp size={13} aria-hidden="true" />}
              {note}
            </p>
          )}
        </div>
        <Reactions message={message} />
        <ActNotes message={message} />
      </div>
    </article>
  );
});

function Body({ message }: { message: Message }) {
  const say = useWords();
  const sign = message.kind === "text" ? null : kindSigns[message.kind];
  const hasFiles = message.kind !== "deleted" && (message.media ?? []).length > 0;
  return (
    <div className={cx("min-w-0 grow", hasFiles && "basis-full")}>
      {hasFiles && <MediaFiles message={message} />}
      {sign && !hasFiles && (
        <p className="flex items-center gap-2 text-muted italic">
          <sign.icon size={16} aria-hidden="true" className="shrink-0" />
          {say(message.deleted_for_me ? "message.deleted_for_me" : sign.words)}
        </p>
      )}
      {message.text !== "" && message.kind !== "deleted" && (
        <p
          dir="auto"
          className={cx(
            "whitespace-pre-wrap [overflow-wrap:anywhere]",
            hasFiles && "mt-1.5",
            isFewEmoji(message.text) ? "text-[2rem] leading-tight" : "leading-snug",
          )}
        >
          {message.text}
        </p>
      )}
    </div>
  );
}

function Meta({ message }: { message: Message }) {
  const say = useWords();
  const locale = useLocale();
  const at = moment(message.sent_at);
  const tick = tickOf(message.direction, message.ack);
  return (
    <span className="flex shrink-0 select-none items-center gap-1.5 pb-px font-mono text-[0.6875rem] text-muted leading-5">
      {message.pinned && <Pin size={12} role="img" aria-label={say("message.pinned")} />}
      {message.starred && <Star size={12} className="fill-current" role="img" aria-label={say("message.starred")} />}
      {message.edited && <span className="font-sans italic">{say("message.edited")}</span>}
      {at !== null && (
        <time
          dateTime={new Date(at).toISOString()}
          title={
            message.sent_at_certain
              ? fullTime(at, locale)
              : say("message.time_uncertain", { time: fullTime(at, locale) })
          }
        >
          {message.sent_at_certain ? "" : "≈ "}
          {clockTime(at, locale)}
        </time>
      )}
      {tick && <Ticks tick={tick} label={say(tickWords[tick])} />}
    </span>
  );
}
