// What stands above the oldest message: more to load, the phone, or the true start of the conversation.
import { Lock, Smartphone } from "lucide-react";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat, OlderAnswer } from "#/api/types";
import { useLoadOlder } from "#/features/inbox/queries";
import { useLoading } from "#/features/inbox/useLoading";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Spinner } from "#/ui/Spinner";

const outcomeWords: Record<Exclude<OlderAnswer["outcome"], "loaded">, string> = {
  start: "conversation.start",
  on_phone: "history.on_phone",
  needs_permission: "history.needs_permission",
  syncing: "history.syncing",
  nothing: "history.nothing",
};

/** Asks for older messages of a chat, once at a time, and keeps in words what came of it. */
export function useOlder(chat: Chat) {
  const say = useWords();
  const load = useLoadOlder();
  const loading = useLoading(chat.id, "older");
  const [said, setSaid] = useState("");
  const busy = load.isPending || loading !== null;
  const ask = (): void => {
    if (busy) return;
    load.mutate(chat.id, {
      onError: (error) => void toast.error(problemWords(say, error)),
      onSuccess: ({ outcome, messages }) => {
        setSaid(outcome === "loaded" ? say("history.came", { count: messages }) : say(outcomeWords[outcome]));
        if (outcome === "nothing") toast.info(say("history.nothing"));
      },
    });
  };
  return { ask, busy, came: loading?.messages ?? 0, said };
}

interface OlderEdgeProps {
  chat: Chat;
  reachable: boolean;
  stored: { more: boolean; fetching: boolean; fetch(): void };
  older: ReturnType<typeof useOlder>;
}

export function OlderEdge({ chat, reachable, stored, older }: OlderEdgeProps) {
  const say = useWords();
  if (stored.fetching) return <Spinner size={18} />;
  if (stored.more)
    return (
      <Button size="s" onClick={stored.fetch} className="bg-surface">
        {say("conversation.older")}
      </Button>
    );
  if (older.busy)
    return (
      <span className="flex items-center gap-2.5 text-muted text-sm" role="status">
        <Spinner size={18} />
        {older.came > 0 ? say("history.loading_count", { count: older.came }) : say("history.loading")}
      </span>
    );
  if (chat.history_complete)
    return (
      <span className="label-mono flex items-center gap-2 text-faint">
        <Lock size={13} aria-hidden="true" />
        {say("conversation.start")}
      </span>
    );
  const button = (words: string): ReactNode => (
    <Button
      size="s"
      onClick={older.ask}
      disabled={!reachable}
      title={reachable ? undefined : say("composer.not_connected")}
      className="bg-surface"
    >
      {say(words)}
    </Button>
  );
  if (chat.older === "may_come") return button("conversation.older");
  return (
    <div className="flex max-w-md flex-wrap items-center justify-center gap-x-4 gap-y-2 rounded-xl border border-edge border-dashed bg-surface px-4 py-2.5">
      <Smartphone size={17} className="shrink-0 text-accent" aria-hidden="true" />
      <p className="min-w-0 flex-1 basis-56 text-sm leading-snug">{say(outcomeWords[chat.older])}</p>
      {button(chat.older === "on_phone" ? "history.ask_phone" : "history.again")}
    </div>
  );
}
