// The app inside its providers.
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Toaster } from "sonner";
import { isSignedOut, Problem } from "#/api/errors";
import { makeRouter } from "#/app/routes";
import { me } from "#/features/session/queries";

/** Only what may pass by itself is asked again. */
function worthRepeating(count: number, error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return count < 3 && (error.code === "offline" || error.status >= 500);
}

function makeCache(): QueryClient {
  const signedOut = (error: unknown): void => {
    // Asked, not taken for granted: an answer may have been under way while the person signed in again.
    if (isSignedOut(error)) void cache.invalidateQueries({ queryKey: me().queryKey });
  };
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: signedOut }),
    mutationCache: new MutationCache({ onError: signedOut }),
    defaultOptions: {
      queries: { retry: worthRepeating, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
  return cache;
}

const cache = makeCache();
const router = makeRouter(cache);

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={cache}>
        <RouterProvider router={router} />
        <Toaster
          position="top-center"
          toastOptions={{
            unstyled: true,
            classNames: {
              toast:
                "flex w-full items-center gap-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm text-text shadow-float",
            },
          }}
        />
      </QueryClientProvider>
    </I18nProvider>
  );
}
