// What surrounds every page of a signed-in person: rail, bar, status.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { MessagesSquare, MonitorSmartphone } from "lucide-react";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { forget } from "#/api/journal";
import type { Me } from "#/api/types";
import { useLive } from "#/app/live";
import { usePresence } from "#/app/presence";
import { clearDrafts } from "#/features/inbox/drafts";
import { useConnection } from "#/features/linking/queries";
import { StatusPill } from "#/features/linking/StatusPill";
import { me, useSignOut } from "#/features/session/queries";
import { SignInAgain } from "#/features/session/SignInAgain";
import { AccountMenu } from "#/features/settings/AccountMenu";
import { paths } from "#/lib/paths";
import { grouped } from "#/lib/phone";
import { followAccount, useWords } from "#/lib/words";
import { Logo, Mark } from "#/ui/Logo";
import { useRoom } from "#/ui/useWidth";

const LiveContext = createContext(true);

/** Whether what is shown is live. */
export const useIsLive = (): boolean => useContext(LiveContext);

export function Shell() {
  const user = useQuery(me()).data;
  const cache = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();

  // Leaving, or a session that ended elsewhere: nothing of the account stays in this tab.
  const leave = (): void => {
    clearDrafts();
    forget();
    cache.clear();
    cache.setQueryData(me().queryKey, null);
    void navigate({ to: paths.signIn });
  };
  useEffect(() => {
    if (user === null) void navigate({ to: paths.signIn });
  }, [user, navigate]);

  const accountLocale = user?.locale;
  useEffect(() => {
    if (accountLocale) void followAccount(accountLocale);
  }, [accountLocale]);

  if (!user) return null;
  return <SignedIn user={user} onSignOut={() => signOut.mutate(undefined, { onSettled: leave })} />;
}

function SignedIn({ user, onSignOut }: { user: Me; onSignOut(): void }) {
  const live = useLive();
  const { link, slice } = useConnection();
  usePresence(link !== null);
  // Who connects for the first time has a slice from then on.
  const person = { ...user, has_slice: user.has_slice || slice?.wanted_at != null };
  const room = useRoom();
  return (
    <LiveContext value={live}>
      <div className="flex h-full">
        {room !== "one" && <Rail account={<AccountMenu me={person} onSignOut={onSignOut} side="right" />} />}
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar
            live={live}
            account={room === "one" ? <AccountMenu me={person} onSignOut={onSignOut} side="bottom" /> : null}
          />
          <div className="min-h-0 flex-1">
            <SignInAgain>
              <Outlet />
            </SignInAgain>
          </div>
        </div>
      </div>
    </LiveContext>
  );
}

function Rail({ account }: { account: ReactNode }) {
  const say = useWords();
  const { shown } = useConnection();
  const linking = !["ready", "unsure", "paused", "unknown"].includes(shown.name);
  const item =
    "flex size-11 items-center justify-center rounded-xl text-muted transition-colors hover:bg-hover hover:text-text data-[status=active]:bg-active data-[status=active]:text-accent";
  return (
    <nav
      aria-label={say("nav.main")}
      className="flex w-16 shrink-0 flex-col items-center border-line border-r bg-surface py-3"
    >
      <Link to={paths.home} aria-label="Queunir" className="mb-4 rounded-xl p-1.5">
        <Mark size={30} />
      </Link>
      <div className="flex flex-1 flex-col gap-1.5">
        <Link to={paths.chats} aria-label={say("nav.chats")} title={say("nav.chats")} className={item}>
          <MessagesSquare size={21} />
        </Link>
        {linking && (
          <Link to={paths.connect} aria-label={say("nav.connect")} title={say("nav.connect")} className={item}>
            <MonitorSmartphone size={21} />
          </Link>
        )}
      </div>
      {account}
    </nav>
  );
}

function TopBar({ live, account }: { live: boolean; account: ReactNode }) {
  const { link } = useConnection();
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b bg-surface px-4">
      {account ? (
        <Link to={paths.home} aria-label="Queunir" className="flex">
          <Logo />
        </Link>
      ) : (
        <span className="font-semibold tracking-[-0.01em]">Queunir</span>
      )}
      <span className="flex-1" />
      {link?.phone && (
        <span className="hidden font-mono text-muted text-xs wide:inline" dir="ltr">
          {grouped(link.phone)}
        </span>
      )}
      <StatusPill live={live} />
      {account}
    </header>
  );
}
