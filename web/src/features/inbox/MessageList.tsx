// The rows of a conversation: only those in sight exist, older ones come in above without moving what is read.
import { ArrowDown } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Chat } from "#/api/types";
import { GapRow } from "#/features/inbox/GapRow";
import { MessageBubble } from "#/features/inbox/MessageBubble";
import { OlderEdge, useOlder } from "#/features/inbox/OlderEdge";
import { OutgoingBubble } from "#/features/inbox/OutgoingBubble";
import type { Row } from "#/features/inbox/timeline";
import { useNow } from "#/lib/clock";
import { dayName } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";

/** Closer to the end than this counts as being there. */
const endSlackPx = 64;
/** Older stored messages are fetched before the reader reaches the top. */
const fetchAheadPx = 600;

interface MessageListProps {
  chat: Chat;
  rows: Row[];
  reachable: boolean;
  /** Grows with every message handed over here; each one brings the end into view. */
  sentCount: number;
  /** The message to go to; each new value goes there once. */
  wanted: { id: string; time: number } | null;
  older: { stored: boolean; fetching: boolean; fetch(): void };
}

const isNews = (row: Row): boolean => row.type === "message" && row.message.direction !== "out";

/** Where the first message is, which tells rows added above from rows added below. */
const firstKey = (rows: Row[]): string | undefined => rows.find((row) => row.type === "message")?.key;

export function MessageList({ chat, rows, reachable, sentCount, wanted, older }: MessageListProps) {
  const say = useWords();
  const locale = useLocale();
  const now = useNow(60_000);
  const fromWhatsApp = useOlder(chat);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const atEnd = useRef(true);
  const before = useRef({ first: firstKey(rows), last: rows.at(-1)?.key, count: rows.length });
  const askedAbove = useRef<string | undefined>(undefined);
  const lastTop = useRef(0);
  const [missed, setMissed] = useState(0);
  const [away, setAway] = useState(false);
  const [spoken, setSpoken] = useState("");

  const first = firstKey(rows);
  const grewAbove =
    before.current.first !== undefined && before.current.first !== first && rows.length > before.current.count;

  // By the box itself and not by index: the end is the end whatever has been measured so far.
  const toEnd = useCallback((): void => {
    const box = scroller.current;
    if (!box) return;
    atEnd.current = true;
    box.scrollTop = box.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    const known = before.current;
    before.current = { first: firstKey(rows), last: rows.at(-1)?.key, count: rows.length };
    const place = rows.findIndex((row) => row.key === known.last);
    const news = place < 0 ? [] : rows.slice(place + 1).filter(isNews);
    const newest = news.at(-1);
    if (newest?.type === "message" && newest.message.source === "row")
      setSpoken(
        say("conversation.new_message", { name: newest.message.sender ?? chat.title, text: newest.message.text }),
      );
    if (atEnd.current) toEnd();
    else if (news.length > 0) setMissed((count) => count + news.length);
  }, [rows, chat.title, say, toEnd]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const sizes = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    sizes.observe(box);
    for (const inner of box.children) sizes.observe(inner);
    return () => sizes.disconnect();
  }, [toEnd]);

  useEffect(() => {
    if (sentCount > 0) toEnd();
  }, [sentCount, toEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come later do not ask again.
  useEffect(() => {
    const place = wanted === null ? -1 : rows.findIndex((row) => row.key === wanted.id);
    if (place < 0) return;
    atEnd.current = false;
    // The first row is the one above all messages.
    list.current?.scrollToIndex(place + 1, { align: "center" });
  }, [wanted]);

  const scrolled = (): void => {
    const box = scroller.current;
    if (!box) return;
    const end = box.scrollHeight - box.scrollTop - box.clientHeight < endSlackPx;
    // Rows that grow while they are measured move the end away; only moving up leaves it.
    const wentUp = box.scrollTop < lastTop.current - 1;
    lastTop.current = box.scrollTop;
    if (!end && atEnd.current && !wentUp) return;
    atEnd.current = end;
    setAway(!end);
    if (end) setMissed(0);
    if (older.stored && box.scrollTop < fetchAheadPx) {
      if (!older.fetching) older.fetch();
    } else if (!chat.history_complete && chat.older === "may_come" && reachable && box.scrollTop < 24 && !end) {
      // Once per oldest message: what comes arrives as events.
      if (askedAbove.current === first) return;
      askedAbove.current = first;
      fromWhatsApp.ask();
    }
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={say("conversation.messages", { name: chat.title })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
        tabIndex={0}
        className="ground scroll-quiet flex h-full flex-col overflow-y-auto [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        <div className="grow" />
        <Virtualizer ref={list} scrollRef={scroller} shift={grewAbove} bufferSize={600} onScroll={scrolled}>
          {[
            <div key="top" className="flex justify-center px-4 pt-5 pb-2">
              <OlderEdge
                chat={chat}
                reachable={reachable}
                stored={{ more: older.stored, fetching: older.fetching, fetch: older.fetch }}
                older={fromWhatsApp}
              />
            </div>,
            ...rows.map((row, index) => (
              <div key={row.key} className={index === rows.length - 1 ? "pb-3" : undefined}>
                {rowOf(row)}
              </div>
            )),
          ]}
        </Virtualizer>
      </div>
      {away && (
        <button
          type="button"
          onClick={toEnd}
          aria-label={missed > 0 ? say("conversation.newest_count", { count: missed }) : say("conversation.newest")}
          className="absolute right-5 bottom-4 flex h-10 animate-rise items-center gap-2 rounded-full border border-edge bg-raised px-3 text-sm shadow-float hover:border-accent"
        >
          {missed > 0 && <span className="font-mono font-semibold text-accent">{missed}</span>}
          <ArrowDown size={18} />
        </button>
      )}
      <p className="sr-only" aria-live="polite">
        {spoken}
      </p>
      <p className="sr-only" aria-live="polite">
        {fromWhatsApp.said}
      </p>
    </div>
  );

  function rowOf(row: Row) {
    switch (row.type) {
      case "day":
        return (
          <div className="flex justify-center pt-4 pb-2">
            <span className="rounded-full border border-line bg-surface px-3 py-1 font-mono text-[0.6875rem] text-muted">
              {dayName(row.at, now, locale)}
            </span>
          </div>
        );
      case "message":
        return <MessageBubble message={row.message} first={row.first} inGroup={chat.kind === "group"} />;
      case "outgoing":
        return <OutgoingBubble line={row.line} first={row.first} />;
      case "gap":
        return <GapRow gap={row.gap} reachable={reachable} />;
      case "unread":
        return (
          <div className="flex justify-center px-4 py-3" role="status">
            <span className="rounded-full border border-accent/50 border-dashed bg-accent-soft px-3.5 py-1.5 text-accent text-sm">
              {say("conversation.not_read_yet", { count: row.count })}
            </span>
          </div>
        );
    }
  }
}
