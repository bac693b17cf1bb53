// The features' tables joined into one; a forgotten event does not compile.
import type { QueryClient } from "@tanstack/react-query";
import type { Appliers } from "#/api/appliers";
import { remember } from "#/api/journal";
import type { EventName, ServerEvent, StoredEvent } from "#/api/types";
import { inboxEvents } from "#/features/inbox/events";
import { linkingEvents } from "#/features/linking/events";

const appliers: Appliers<EventName> = { ...linkingEvents, ...inboxEvents };

const snapshots: readonly EventName[] = ["slice", "link", "activity", "collection", "reset"];

const isStored = (event: ServerEvent): event is StoredEvent => !snapshots.includes(event.type);

function applyWith<N extends EventName>(cache: QueryClient, name: N, event: Extract<ServerEvent, { type: N }>): void {
  appliers[name](cache, event);
}

/** Does what an event means to everything that is in the cache. */
export function apply(cache: QueryClient, event: ServerEvent): void {
  if (isStored(event)) remember(event);
  applyWith(cache, event.type, event as Extract<ServerEvent, { type: typeof event.type }>);
}
