// Every route of the app on one screen.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import {
  Broken,
  ChatPage,
  ChatsPage,
  ConnectionDetails,
  HomePage,
  LinkingPage,
  Missing,
  SignIn,
  SignUp,
  Splash,
} from "#/app/pages";
import { Shell } from "#/app/Shell";
import { me } from "#/features/session/queries";
import { paths } from "#/lib/paths";

interface Context {
  cache: QueryClient;
}

/** What is typed into the search field, and whether the contact was asked for. */
interface InboxSearch {
  q?: string;
  info?: true;
}

function inboxSearch(raw: Record<string, unknown>): InboxSearch {
  const found: InboxSearch = {};
  const typed = raw.q;
  if (typeof typed === "string" || typeof typed === "number") found.q = String(typed);
  if (raw.info === true) found.info = true;
  return found;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: Missing });

const guest = createRoute({
  getParentRoute: () => root,
  id: "guest",
  beforeLoad: async ({ context }) => {
    // A server that cannot be reached must not keep the form from being shown.
    const user = await context.cache.ensureQueryData(me()).catch(() => null);
    if (user) throw redirect({ to: paths.home });
  },
});
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context }) => {
    if (!(await context.cache.ensureQueryData(me()))) throw redirect({ to: paths.signIn });
  },
  component: Shell,
});

const tree = root.addChildren([
  guest.addChildren([
    createRoute({ getParentRoute: () => guest, path: paths.signIn, component: SignIn }),
    createRoute({ getParentRoute: () => guest, path: paths.signUp, component: SignUp }),
  ]),
  signedIn.addChildren([
    createRoute({ getParentRoute: () => signedIn, path: paths.home, component: HomePage }),
    createRoute({ getParentRoute: () => signedIn, path: paths.connect, component: LinkingPage }),
    createRoute({ getParentRoute: () => signedIn, path: paths.connection, component: ConnectionDetails }),
    createRoute({
      getParentRoute: () => signedIn,
      path: paths.chats,
      component: ChatsPage,
      validateSearch: inboxSearch,
    }),
    createRoute({ getParentRoute: () => signedIn, path: paths.chat, component: ChatPage, validateSearch: inboxSearch }),
  ]),
]);

export function makeRouter(cache: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { cache },
    defaultPendingComponent: Splash,
    defaultErrorComponent: ({ error, reset }) => <Broken error={error} reset={reset} />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
