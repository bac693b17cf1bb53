// What was typed and not sent yet, and what it answers, per chat, for this tab.
import type { Outgoing } from "#/api/types";
import { clearTab, readTab, writeTab } from "#/lib/storage";

const prefix = "queunir.draft.";

export const readDraft = (chatId: string): string => readTab(prefix + chatId) ?? "";
export const writeDraft = (chatId: string, text: string): void => writeTab(prefix + chatId, text);
/** The message that is being answered. */
export const readAnswered = (chatId: string): string | null => readTab(`${prefix}${chatId}.answered`);
export const writeAnswered = (chatId: string, messageId: string | null): void =>
  writeTab(`${prefix}${chatId}.answered`, messageId ?? "");
export const clearDrafts = (): void => clearTab(prefix);

const given = new EventTarget();

/** Puts a message that was not sent back where it was written. */
export function giveBack(line: Outgoing): void {
  given.dispatchEvent(new CustomEvent(line.chat_id, { detail: line }));
}

/** Tells of messages that come back; returns the function that stops it. */
export function onGivenBack(chatId: string, take: (line: Outgoing) => void): () => void {
  const listener = (event: Event): void => {
    if (event instanceof CustomEvent) take(event.detail as Outgoing);
  };
  given.addEventListener(chatId, listener);
  return () => given.removeEventListener(chatId, listener);
}

/** A text that came back, above what has been written since. */
export const withGivenBack = (text: string, draft: string): string =>
  draft.trim() === "" ? text : `${text}\n${draft}`;
