// What stands above the oldest row of a conversation.

import { Reading } from "./anchors";
import { header, isStart, messagesBox, pieces } from "./conversation";
import { every, inner, PRESSED } from "./element";
import { mentions, words } from "./profile";
import { centre } from "./schema";
import { lineText, plain } from "./text";

interface Top {
  state: "start" | "phone" | "syncing" | "more";
  button?: Element | undefined;
}

/** What the words above the first message say; a button counts only when its words are known. */
export function above(reading: Reading): Top {
  for (const { element, id } of pieces(messagesBox(reading))) {
    if (id === undefined) {
      const buttons = [element, ...every(element, PRESSED)].filter((one) => one.matches(PRESSED));
      const button = buttons.find((one) => mentions(plain(inner(one)), words.older_phone));
      if (button) return { state: "phone", button };
      if (mentions(plain(lineText(element)), words.older_syncing)) return { state: "syncing" };
    }
    if (isStart(element)) return { state: "start" };
    if (id !== undefined) break;
  }
  return { state: "more" };
}

/** The open chat, what stands above its oldest row, and where the button is that asks the phone. */
export function historyTop() {
  const reading = new Reading();
  const { state, button } = above(reading);
  const { x, y } = centre(button ?? null);
  return { title: header(reading).title, state, x, y };
}
