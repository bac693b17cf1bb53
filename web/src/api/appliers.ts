// The shape of a feature's table: what each event does to its part of the cache.
import type { QueryClient } from "@tanstack/react-query";
import type { EventName, EventNamed } from "#/api/types";

export type Appliers<N extends EventName> = { [K in N]: (cache: QueryClient, event: EventNamed<K>) => void };
