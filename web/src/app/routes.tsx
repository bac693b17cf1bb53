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
import { inboxAddress } from "#/features/inbox/address";
import { me } from "#/features/session/queries";
import { paths } from "#/lib/paths";

interface Context {
  cache: QueryClient;
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
      validateSearch: inboxAddress,
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: paths.chat,
      component: ChatPage,
      validateSearch: inboxAddress,
    }),
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
