// How much room there is: one column, two, or three.
import { useSyncExternalStore } from "react";

export type Room = "one" | "two" | "three";

const two = "(min-width: 60rem)";
const three = "(min-width: 78rem)";

function subscribe(changed: () => void): () => void {
  const lists = [matchMedia(two), matchMedia(three)];
  for (const list of lists) list.addEventListener("change", changed);
  return () => {
    for (const list of lists) list.removeEventListener("change", changed);
  };
}

const room = (): Room => (matchMedia(three).matches ? "three" : matchMedia(two).matches ? "two" : "one");

/** The number of columns that fit. */
export function useRoom(): Room {
  return useSyncExternalStore(subscribe, room, () => "three");
}
