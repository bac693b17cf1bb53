// Finding the message that a quote is of; the page names it by author and words alone. Pure.
import type { Message, Quote } from "#/api/types";

/** Without white space and the marks that WhatsApp turns into formatting. */
const bare = (text: string): string => text.normalize("NFC").replace(/[\s*_~`>]|\u{fe0f}/gu, "");

function isOf(message: Message, quote: Quote): boolean {
  const text = bare(message.text);
  const shown = bare(quote.text);
  if (text === "" || shown === "") return false;
  return shown.endsWith("…") ? text.startsWith(shown.slice(0, -1)) : text === shown;
}

/** The message that another one quotes, if it is among those that are known, oldest first: the nearest above it. */
export function quotedBy(message: Message, known: Message[]): Message | undefined {
  const { quoted } = message;
  const place = known.findIndex((one) => one.id === message.id);
  if (!quoted || place < 0) return undefined;
  const alike = known.slice(0, place).filter((one) => isOf(one, quoted));
  return alike.findLast((one) => one.sender === quoted.sender) ?? alike.at(-1);
}
