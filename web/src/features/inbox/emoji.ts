// Whether a text is a gesture rather than words.

const pictograph = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3)/u;

/** One to three emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  const trimmed = text.trim();
  // A family emoji has up to 11 code units; longer texts are never three emoji.
  if (trimmed === "" || trimmed.length > 48) return false;
  const parts = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)];
  return parts.length <= 3 && parts.every(({ segment }) => pictograph.test(segment));
}
