// Texts of which the page draws only the beginning.

import { Reading } from "./anchors";
import { keyOf, messagesBox, pieces } from "./conversation";
import { isDrawn, partsOf, readMore } from "./message";
import { centre, type Point } from "./schema";

/** The button below the beginning of a drawn message. */
export function readMoreAt(
  reading: Reading,
  accept: (key: string) => boolean,
): { key: string; button: Element } | null {
  for (const { id, element } of pieces(messagesBox(reading)).reverse()) {
    if (id === undefined || !accept(keyOf(id)) || !isDrawn(reading, element)) continue;
    const button = readMore(partsOf(reading, element));
    if (button) return { key: keyOf(id), button };
  }
  return null;
}

/** The newest such message but those of `skip`, and where its button stands, brought into view. */
export function folded({ skip }: { skip: string[] }): Point & { key: string } {
  const found = readMoreAt(new Reading(), (key) => !skip.includes(key));
  found?.button.scrollIntoView({ block: "center", behavior: "instant" });
  return { ...centre(found?.button ?? null), key: found?.key.toWellFormed() ?? "" };
}
