// What the snapshots do to the connection's cache: they are whole values and replace it.
import type { Appliers } from "#/api/appliers";
import { collection, link, slice } from "#/features/linking/queries";

export const linkingEvents: Appliers<"slice" | "link" | "collection"> = {
  slice: (cache, event) => void cache.setQueryData(slice().queryKey, event.slice),
  collection: (cache, event) => void cache.setQueryData(collection().queryKey, event.collection),
  link: (cache, event) => void cache.setQueryData(link().queryKey, event.link),
};
