// Who is signed in.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { done, json } from "#/api/client";
import { isSignedOut } from "#/api/errors";
import type { Me } from "#/api/types";

/** The signed-in user, or null. */
export const me = () =>
  queryOptions<Me | null>({
    queryKey: ["me"],
    queryFn: async ({ signal }) => {
      try {
        return await json<Me>("GET", "/auth/me", { signal });
      } catch (error) {
        if (isSignedOut(error)) return null;
        throw error;
      }
    },
    staleTime: 5 * 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  });

export interface Credentials {
  email: string;
  password: string;
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => json<Me>("POST", "/auth/login", { body }),
    onSuccess: (user) => void cache.setQueryData(me().queryKey, user),
  });
}

export function useSignUp() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials & { locale: string; time_zone: string }) =>
      json<Me>("POST", "/auth/register", { body }),
    onSuccess: (user) => void cache.setQueryData(me().queryKey, user),
  });
}

/** Signs out; what the person saw leaves the memory of this browser whatever the server answers. */
export function useSignOut() {
  return useMutation({ mutationFn: () => done("POST", "/auth/logout") });
}
