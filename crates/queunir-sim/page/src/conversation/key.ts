// What a row's `data-id` says: the bare key, or in the generation before direction, chat and key in one.
import { dress } from "../generation.ts";
import type { ChatRow, Message } from "../protocol.ts";

/** `data-id` of a message in a chat. */
export function shownKey(chat: ChatRow | undefined, message: Message): string {
  if (dress().name !== "g2" || !chat) return message.key;
  const group = chat.kind === "group";
  const place = group ? `${digits(chat.id)}@g.us` : address(chat.phone, chat.id);
  const writer = group && !message.fromMe ? `_${address(message.authorPhone, message.author)}` : "";
  return `${message.fromMe}_${place}_${message.key}${writer}`;
}

/** A number that is not told becomes a hidden id. */
function address(phone: string | null, otherwise: string): string {
  return phone ? `${digits(phone)}@c.us` : `${digits(otherwise).padStart(15, "2")}@lid`;
}

function digits(text: string): string {
  const found = text.replace(/\D/g, "");
  return found === "" ? "120363000000000000" : found.padStart(2, "1203630000000000");
}
