// What stands under a chat's name.
import type { Chat, ChatKind } from "#/api/types";
import { grouped } from "#/lib/phone";
import type { Say } from "#/lib/words";

export const chatKindWords: Record<ChatKind, string> = {
  contact: "chat_kind.contact",
  group: "chat_kind.group",
  yourself: "chat_kind.yourself",
  unknown: "chat_kind.unknown",
};

/** The number where the name is not the number already, else the kind. */
export function subtitle(say: Say, chat: Chat): string {
  if (chat.phone && grouped(chat.phone) !== grouped(chat.title)) return grouped(chat.phone);
  return say(chatKindWords[chat.kind]);
}
