// What was typed and not sent yet, per chat, for this tab.
import { clearTab, readTab, writeTab } from "#/lib/storage";

const prefix = "queunir.draft.";

export const readDraft = (chatId: string): string => readTab(prefix + chatId) ?? "";
export const writeDraft = (chatId: string, text: string): void => writeTab(prefix + chatId, text);
export const clearDrafts = (): void => clearTab(prefix);
