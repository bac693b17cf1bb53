// What the snapshots do to the connection's cache: they are whole values and replace it.
import type { Appliers } from "#/api/appliers";
import { link, slice } from "#/features/linking/queries";

export const linkingEvents: Appliers<"slice" | "link"> = {
  slice: (cache, event) => void cache.setQueryData(slice().queryKey, event.slice),
  link: (cache, event) => void cache.setQueryData(link().queryKey, event.link),
};
