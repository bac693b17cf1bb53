// Every conversation in WhatsApp's order, filtered by what is typed; arrow keys move through it.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Inbox, MessageSquarePlus, Search, SearchX, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { problemWords } from "#/api/errors";
import { type InboxAddress, listAddress, type Shelf, shelfShown } from "#/features/inbox/address";
import { byPlace } from "#/features/inbox/after";
import { ChatRow } from "#/features/inbox/ChatRow";
import { ListFilter } from "#/features/inbox/ListFilter";
import { chats } from "#/features/inbox/queries";
import { useNow } from "#/lib/clock";
import { paths } from "#/lib/paths";
import { matchesPerson } from "#/lib/people";
import { useWords } from "#/lib/words";
import { Button, IconButton } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";

const rowHeight = 68;

interface ChatListProps {
  selected: string | null;
  typed: string;
  /** Which chats were chosen; null for those among which the open one is. */
  chosen: Shelf | null;
  /** A conversation that is not in the list is wanted. */
  onBegin(): void;
}

export function ChatList({ selected, typed, chosen, onBegin }: ChatListProps) {
  const say = useWords();
  const navigate = useNavigate();
  const listed = useQuery(chats());
  const now = useNow(30_000);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [focused, setFocused] = useState<number | null>(null);

  const all = listed.data ?? [];
  const archived = all.filter((chat) => chat.archived);
  const shelf = shelfShown(all, chosen, selected);
  const shown = useMemo(() => {
    const onShelf = (listed.data ?? []).filter((chat) => chat.archived === (shelf === "archived"));
    return onShelf.filter((chat) => matchesPerson(typed, chat.title, chat.phone)).sort(byPlace);
  }, [listed.data, typed, shelf]);
  const current = all.filter((chat) => !chat.archived);
  const unread = current.filter((chat) => chat.unread > 0 || chat.marked_unread).length;

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Queunir` : "Queunir";
    return () => {
      document.title = "Queunir";
    };
  }, [unread]);

  const go = (search: InboxAddress, replace: boolean): void => {
    if (selected) void navigate({ to: paths.chat, params: { chatId: selected }, search, replace });
    else void navigate({ to: paths.chats, search, replace });
  };
  const type = (text: string): void => go(listAddress(text, chosen), true);

  const focusRow = (index: number): void => {
    setFocused(index);
    list.current?.scrollToIndex(index, { align: "nearest" });
    // A row that was not there yet takes the focus only once it has been measured and shown.
    const take = (framesLeft: number): void => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      row?.focus({ preventScroll: true });
      if (document.activeElement !== row && framesLeft > 0) requestAnimationFrame(() => take(framesLeft - 1));
    };
    requestAnimationFrame(() => take(20));
  };
  const moveFocus = (event: KeyboardEvent): void => {
    const from = Number.parseInt((event.target as HTMLElement).dataset.index ?? "", 10);
    if (Number.isNaN(from)) return;
    const places: Record<string, number> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      Home: 0,
      End: shown.length - 1,
    };
    const to = places[event.key];
    if (to === undefined || to < 0 || to >= shown.length) return;
    event.preventDefault();
    focusRow(to);
  };

  return (
    <nav aria-label={say("inbox.chats")} className="flex h-full flex-col">
      <div className="flex items-center gap-2 py-1.5 pr-2.5 pl-4">
        <h1 className="font-semibold text-lg tracking-[-0.01em]">{say("inbox.chats")}</h1>
        {listed.data && (
          <span className="label-mono ml-auto text-faint normal-case tracking-normal">
            {unread > 0
              ? say("inbox.count_unread", { count: current.length, unread })
              : say("inbox.count", { count: current.length })}
          </span>
        )}
        <IconButton label={say("new_chat.title")} onClick={onBegin} className={listed.data ? undefined : "ml-auto"}>
          <MessageSquarePlus size={19} />
        </IconButton>
      </div>
      <div className="relative px-4 pb-3">
        <Search
          size={16}
          className="-translate-y-[calc(50%+0.375rem)] absolute top-1/2 left-7 text-faint"
          aria-hidden="true"
        />
        <input
          type="search"
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" && shown.length > 0) {
              event.preventDefault();
              focusRow(0);
            } else if (event.key === "Escape") type("");
          }}
          placeholder={say("inbox.search_hint")}
          aria-label={say("inbox.search")}
          className="h-9 w-full rounded-lg border border-line bg-canvas pr-9 pl-9 text-sm transition-colors hover:border-edge focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
        />
        {typed && (
          <button
            type="button"
            onClick={() => type("")}
            aria-label={say("inbox.search_clear")}
            className="absolute top-0 right-4 flex size-9 items-center justify-center rounded-lg text-faint hover:text-text"
          >
            <X size={16} />
          </button>
        )}
      </div>
      {archived.length > 0 && (
        <ListFilter shelf={shelf} archived={archived.length} onChoose={(next) => go(listAddress(typed, next), false)} />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys act on the links inside, which have the focus. */}
      <div
        ref={scroller}
        onKeyDown={moveFocus}
        onFocus={(event) => {
          const index = Number.parseInt((event.target as HTMLElement).dataset.index ?? "", 10);
          if (!Number.isNaN(index)) setFocused(index);
        }}
        className="scroll-green min-h-0 flex-1 overflow-y-auto border-line border-t"
      >
        {shown.length > 0 ? (
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            as="ul"
            item="li"
            itemSize={rowHeight}
            bufferSize={400}
            keepMounted={focused === null || focused >= shown.length ? [] : [focused]}
          >
            {shown.map((chat, index) => (
              <ChatRow
                key={chat.id}
                chat={chat}
                index={index}
                selected={chat.id === selected}
                typed={typed}
                chosen={chosen}
                now={now}
              />
            ))}
          </Virtualizer>
        ) : (
          placeholder()
        )}
      </div>
    </nav>
  );

  function placeholder() {
    if (listed.isError)
      return (
        <EmptyState
          icon={<Inbox size={28} />}
          title={say("inbox.list_failed")}
          action={<Button onClick={() => void listed.refetch()}>{say("retry")}</Button>}
        >
          {problemWords(say, listed.error)}
        </EmptyState>
      );
    if (listed.isPending) return <ListSkeleton />;
    if (typed)
      return (
        <EmptyState icon={<SearchX size={28} />} title={say("inbox.nothing_found")}>
          {say("inbox.nothing_found_text", { typed })}
        </EmptyState>
      );
    return (
      <EmptyState icon={<Inbox size={28} />} title={say("inbox.empty")}>
        {say("inbox.empty_text")}
      </EmptyState>
    );
  }
}

function ListSkeleton() {
  const say = useWords();
  return (
    <div role="status" aria-label={say("loading")}>
      {[62, 44, 70, 38, 56, 49, 66].map((width) => (
        <div key={width} className="flex h-[68px] animate-breathe items-center">
          <div className="size-[68px] bg-raised" />
          <div className="flex-1 space-y-2.5 px-3.5">
            <div className="h-3 rounded bg-raised" style={{ width: `${width}%` }} />
            <div className="h-2.5 rounded bg-raised" style={{ width: `${width + 20}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
