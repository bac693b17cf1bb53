// What was typed and not sent yet, per chat, for this tab.
import { clearTab, readTab, writeTab } from "#/lib/storage";

const prefix = "queunir.draft.";

export const readDraft = (chatId: string): string => readTab(prefix + chatId) ?? "";
export const writeDraft = (chatId: string, text: string): void => writeTab(prefix + chatId, text);
export const clearDrafts = (): void => clearTab(prefix);

const given = new EventTarget();

/** Puts the text of a message that was not sent back where it was written. */
export function giveBack(chatId: string, text: string): void {
  given.dispatchEvent(new CustomEvent(chatId, { detail: text }));
}

/** Tells of texts that come back; returns the function that stops it. */
export function onGivenBack(chatId: string, take: (text: string) => void): () => void {
  const listener = (event: Event): void => {
    if (event instanceof CustomEvent && typeof event.detail === "string") take(event.detail);
  };
  given.addEventListener(chatId, listener);
  return () => given.removeEventListener(chatId, listener);
}

/** A text that came back, above what has been written since. */
export const withGivenBack = (text: string, draft: string): string =>
  draft.trim() === "" ? text : `${text}\n${draft}`;
