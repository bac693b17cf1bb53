// What is known of a chat's person or group: fetching it, asking for it anew, and putting the same values together.
import { queryOptions, useMutation } from "@tanstack/react-query";
import { chatPath, done, json } from "#/api/client";
import type { Contact, Fact, FactKind, FactSource } from "#/api/types";

export const contact = (chatId: string) =>
  queryOptions({
    queryKey: ["contact", chatId],
    queryFn: ({ signal }) => json<Contact>("GET", `${chatPath(chatId)}/contact`, { signal }),
    // An event says when it is old.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Asks for the chat's info panel to be read; an event tells when that is done. */
export function useReadContact() {
  return useMutation({ mutationFn: (chatId: string) => done("POST", `${chatPath(chatId)}/contact/read`) });
}

/** Asks for all members of a group; an event tells when they are read. */
export function useReadMembers() {
  return useMutation({ mutationFn: (chatId: string) => done("POST", `${chatPath(chatId)}/contact/members`) });
}

/** The kinds that are shown, in their order; the name is the panel's title. */
export const shownKinds = [
  "phone",
  "push_name",
  "about",
  "description",
  "hours",
  "email",
  "website",
] as const satisfies readonly FactKind[];

export interface Known {
  value: string;
  /** Where it stands, the surest first. */
  sources: FactSource[];
  /** Since when it has been seen anywhere. */
  since: string;
}

/** What is known of one kind: one value with all its sources, several where the sources differ. */
export function knownOf(facts: readonly Fact[], kind: FactKind): Known[] {
  const known: Known[] = [];
  for (const fact of facts) {
    if (fact.kind !== kind) continue;
    const same = known.find(({ value }) => value === fact.value);
    if (!same) {
      known.push({ value: fact.value, sources: [fact.source], since: fact.since });
      continue;
    }
    if (!same.sources.includes(fact.source)) same.sources.push(fact.source);
    if (Date.parse(fact.since) < Date.parse(same.since)) same.since = fact.since;
  }
  return known;
}

/** An address that may be followed: a site's or a mailbox's, and nothing else that a stranger may have written. */
export function linkOf(kind: FactKind, value: string): string | null {
  if (kind === "email") return /^[^\s:/?#]+@[^\s:/?#]+$/.test(value) ? `mailto:${value}` : null;
  if (kind !== "website") return null;
  const url = URL.parse(/^[a-z]+:/i.test(value) ? value : `https://${value}`);
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : null;
}
