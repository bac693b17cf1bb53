// One conversation: who it is with, its messages, and where to write.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ArrowLeft, MessageCircleDashed, PanelRight, Paperclip } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { problemWords } from "#/api/errors";
import type { Chat, Message } from "#/api/types";
import { ActsProvider } from "#/features/inbox/ActsContext";
import { possibleActs } from "#/features/inbox/acts";
import { flattened, stillOutgoing } from "#/features/inbox/after";
import { ChatAvatar } from "#/features/inbox/ChatAvatar";
import { Composer } from "#/features/inbox/Composer";
import { readAnswered, writeAnswered } from "#/features/inbox/drafts";
import { EditComposer } from "#/features/inbox/EditComposer";
import { FirstContactNote } from "#/features/inbox/FirstContactNote";
import { MessageList } from "#/features/inbox/MessageList";
import { isUnwritten } from "#/features/inbox/newChat";
import { AnswerOnly, OptedOut, OptOutQuestion } from "#/features/inbox/OptOutNotes";
import { answerUntil, optOutWords, suggestion } from "#/features/inbox/optOut";
import { PinnedBar } from "#/features/inbox/PinnedBar";
import { QuotesProvider } from "#/features/inbox/QuoteContext";
import { history, messages, outgoing } from "#/features/inbox/queries";
import { subtitle } from "#/features/inbox/subtitle";
import { timeline } from "#/features/inbox/timeline";
import { useAttach } from "#/features/inbox/useAttach";
import { useViewer } from "#/features/inbox/useViewer";
import { serverNow } from "#/lib/clock";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button, IconButton } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";
import { Spinner } from "#/ui/Spinner";

interface ConversationProps {
  chat: Chat;
  blocked: string | null;
  reachable: boolean;
  panelOpen: boolean;
  onTogglePanel(): void;
  onBack: (() => void) | null;
}

export function Conversation({ chat, blocked, reachable, panelOpen, onTogglePanel, onBack }: ConversationProps) {
  const say = useWords();
  const stored = useInfiniteQuery(messages(chat.id));
  const sending = useQuery(outgoing(chat.id));
  const past = useQuery(history(chat.id));
  const [sentCount, setSentCount] = useState(0);
  const [editing, setEditing] = useState<Message | null>(null);
  const [wanted, setWanted] = useState<{ id: string; time: number } | null>(null);
  const [answering, setAnswering] = useState(() => ({ id: readAnswered(chat.id), time: 0 }));
  const edit = useCallback((message: Message) => setEditing(message), []);
  const answer = useCallback(
    (messageId: string | null) => {
      setEditing(null);
      setAnswering({ id: messageId, time: performance.now() });
      writeAnswered(chat.id, messageId);
    },
    [chat.id],
  );
  const reply = useCallback((message: Message) => answer(message.id), [answer]);
  const go = useCallback((id: string) => setWanted({ id, time: performance.now() }), []);
  // Alone on the screen it is the page's heading; beside the list the list's is.
  const Title = onBack ? "h1" : "h2";
  const cannot = chat.ambiguous ? say("composer.ambiguous") : blocked;
  const sent = (): void => setSentCount((count) => count + 1);
  const refused = useViewer(chat.id, reachable && !chat.ambiguous);

  const known = useMemo(() => flattened(stored.data?.pages ?? []), [stored.data]);
  const rows = useMemo(
    () => timeline(known, stillOutgoing(sending.data ?? [], known), chat.not_read_yet, past.data?.gaps),
    [known, sending.data, chat.not_read_yet, past.data?.gaps],
  );

  const answered = useMemo(
    () => known.find((message) => message.id === answering.id && possibleActs(message, serverNow()).reply) ?? null,
    [known, answering.id],
  );
  const until = chat.opt_out ? answerUntil(chat.opt_out.at, known, serverNow()) : null;
  const closed = Boolean(chat.opt_out) && until === null;
  const words = useQuery(optOutWords()).data?.words;
  const asked = useMemo(() => suggestion(chat, known, words ?? []), [chat, known, words]);
  // Files are sent by themselves: what is dropped or pasted would leave the quote behind.
  const attach = useAttach(chat.id, cannot === null && answered === null && !closed, sent);
  const unwritten = stored.isSuccess && isUnwritten(chat, known.length, sending.data?.length ?? 0);
  const pinned = useMemo(() => known.filter((message) => message.pinned), [known]);

  return (
    <section
      className="relative flex h-full flex-col"
      aria-label={say("conversation.with", { name: chat.title })}
      {...attach.drop}
    >
      <header className="flex h-[60px] shrink-0 items-center border-line border-b bg-surface pr-2">
        {onBack && (
          <IconButton label={say("conversation.back")} onClick={onBack} className="mx-1">
            <ArrowLeft size={20} />
          </IconButton>
        )}
        <ChatAvatar chat={chat} size={59} />
        <div className="min-w-0 flex-1 px-3.5 leading-tight">
          <Title dir="auto" className="truncate text-left font-semibold">
            {chat.title}
          </Title>
          <p className="mt-0.5 truncate font-mono text-faint text-xs">{subtitle(say, chat)}</p>
        </div>
        <IconButton
          label={panelOpen ? say("panel.hide") : say("panel.show")}
          aria-pressed={panelOpen}
          onClick={onTogglePanel}
        >
          <PanelRight size={19} />
        </IconButton>
      </header>
      {chat.ambiguous && <Banner tone="warn">{say("conversation.ambiguous")}</Banner>}
      {refused && refused !== "unlisted" && !chat.ambiguous && (
        <Banner tone="info">{say("conversation.not_opened")}</Banner>
      )}
      <ActsProvider chat={chat} blocked={cannot} onEdit={edit} onReply={reply}>
        <QuotesProvider chat={chat} known={known} onGo={go}>
          <PinnedBar pinned={pinned} onGo={go} />
          {body()}
          {unwritten && <FirstContactNote chatId={chat.id} />}
          {asked && <OptOutQuestion chat={chat} message={asked} />}
          {until !== null && <AnswerOnly until={until} />}
          {editing ? (
            <EditComposer key={editing.id} message={editing} onClose={() => setEditing(null)} />
          ) : closed ? (
            <OptedOut chat={chat} />
          ) : (
            <Composer
              chat={chat}
              blocked={cannot}
              attach={attach}
              answered={answered}
              answeredAt={answering.time}
              onAnswer={answer}
              onSent={sent}
            />
          )}
        </QuotesProvider>
      </ActsProvider>
      {attach.over && (
        <div className="pointer-events-none absolute inset-3 z-20 flex items-center justify-center rounded-2xl border-2 border-accent border-dashed bg-canvas/85">
          <p className="flex items-center gap-2.5 font-semibold text-accent text-lg">
            <Paperclip size={22} aria-hidden="true" />
            {say("attach.drop")}
          </p>
        </div>
      )}
    </section>
  );

  function body() {
    if (stored.isError)
      return (
        <div className="ground min-h-0 flex-1">
          <EmptyState
            icon={<MessageCircleDashed size={28} />}
            title={say("conversation.failed")}
            action={<Button onClick={() => void stored.refetch()}>{say("retry")}</Button>}
          >
            {problemWords(say, stored.error)}
          </EmptyState>
        </div>
      );
    if (stored.isPending)
      return (
        <div
          className="ground flex min-h-0 flex-1 items-center justify-center text-faint"
          role="status"
          aria-label={say("loading")}
        >
          <Spinner size={26} />
        </div>
      );
    return (
      <MessageList
        chat={chat}
        rows={rows}
        reachable={reachable}
        sentCount={sentCount}
        wanted={wanted}
        older={{
          stored: stored.hasNextPage,
          fetching: stored.isFetchingNextPage,
          fetch: () => void stored.fetchNextPage(),
        }}
      />
    );
  }
}
