// The pages as the router knows them: each joins features that do not know each other.
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CloudOff } from "lucide-react";
import { useEffect } from "react";
import { problemWords } from "#/api/errors";
import { useIsLive } from "#/app/Shell";
import { InboxPage } from "#/features/inbox/InboxPage";
import { chats } from "#/features/inbox/queries";
import { ConnectionBanner } from "#/features/linking/ConnectionBanner";
import { ConnectionPage } from "#/features/linking/ConnectionPage";
import { ConnectPage } from "#/features/linking/ConnectPage";
import { belongsInInbox, canSend } from "#/features/linking/phase";
import { config, useConnection } from "#/features/linking/queries";
import { me } from "#/features/session/queries";
import { SignInPage } from "#/features/session/SignInPage";
import { SignUpPage } from "#/features/session/SignUpPage";
import { paths } from "#/lib/paths";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";
import { Mark } from "#/ui/Logo";

/** The first page is where there is something to do. */
export function HomePage() {
  const { shown } = useConnection();
  if (shown.name === "unknown") return <Splash />;
  return <Navigate to={belongsInInbox(shown) ? paths.chats : paths.connect} replace />;
}

export function LinkingPage() {
  const { shown } = useConnection();
  const user = useQuery(me()).data;
  const navigate = useNavigate();
  const ready = shown.name === "ready" || shown.name === "unsure";
  useEffect(() => {
    if (ready) void navigate({ to: paths.chats, replace: true });
  }, [ready, navigate]);
  return <ConnectPage knowsChoice={Boolean(user?.reading_mode)} />;
}

export function ConnectionDetails() {
  return <ConnectionPage isOwner={useQuery(me()).data?.role === "owner"} />;
}

export function ChatsPage() {
  return <Inbox chatId={null} />;
}

export function ChatPage() {
  return <Inbox chatId={useParams({ strict: false }).chatId ?? null} />;
}

function Inbox({ chatId }: { chatId: string | null }) {
  const say = useWords();
  const { q, shelf, info } = useSearch({ strict: false });
  const live = useIsLive();
  const { shown, slice } = useConnection();
  const listed = useQuery(chats());

  const nothingStored = listed.isError || listed.data?.length === 0;
  const hasNoSlice = slice !== null && !slice.phase && !slice.desired;
  if (hasNoSlice || (shown.name !== "unknown" && !belongsInInbox(shown) && nothingStored))
    return <Navigate to={paths.connect} replace />;

  const writable = canSend(shown);
  return (
    <main className="flex h-full flex-col">
      <ConnectionBanner live={live} />
      <div className="min-h-0 flex-1">
        <InboxPage
          chatId={chatId}
          typed={q ?? ""}
          shelf={shelf ?? null}
          info={info ?? false}
          reachable={shown.name === "ready"}
          blocked={writable ? null : say("composer.not_connected")}
        />
      </div>
    </main>
  );
}

export function SignIn() {
  return <SignInPage signUpOpen={useQuery(config()).data?.sign_up ?? true} />;
}

export function SignUp() {
  return <SignUpPage />;
}

export function Splash() {
  const say = useWords();
  return (
    <div className="flex h-full items-center justify-center" role="status" aria-label={say("loading")}>
      <span className="animate-breathe">
        <Mark size={44} />
      </span>
    </div>
  );
}

export function Broken({ error, reset }: { error: unknown; reset(): void }) {
  const say = useWords();
  return (
    <main className="h-full">
      <EmptyState
        icon={<CloudOff size={28} />}
        title={say("broken.title")}
        action={
          <Button look="primary" onClick={reset}>
            {say("retry")}
          </Button>
        }
      >
        {problemWords(say, error)}
      </EmptyState>
    </main>
  );
}

export function Missing() {
  return <Navigate to={paths.home} replace />;
}
