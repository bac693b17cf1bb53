// Text with its emoji as pictures, the way the page draws names and bodies.
import { css } from "./atoms.ts";
import { h } from "./dom.ts";

const EMOJI = /\p{RGI_Emoji}/gv;
const UNKNOWN_EMOJI = /^\p{Emoji_Presentation}$/v;
const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

const pictures = new Map<string, string>();

/** A text as nodes: plain pieces and `img.emoji`. */
export function withEmoji(text: string, size = 20): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(EMOJI)) {
    if (match.index > end) nodes.push(...plain(text.slice(end, match.index)));
    nodes.push(picture(match[0], size));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(...plain(text.slice(end)));
  return nodes;
}

/** How many emoji a text consists of, or 0 when it holds anything else. */
export function emojiOnly(text: string): number {
  const rest = text.replace(EMOJI, "").trim();
  return rest === "" ? (text.match(EMOJI)?.length ?? 0) : 0;
}

function plain(text: string): Node[] {
  if (!/\p{Emoji_Presentation}/v.test(text)) return [document.createTextNode(text)];
  const nodes: Node[] = [];
  let run = "";
  const flush = (): void => {
    if (run) nodes.push(document.createTextNode(run));
    run = "";
  };
  for (const character of text) {
    if (UNKNOWN_EMOJI.test(character)) {
      flush();
      nodes.push(h("span", { "aria-label": character, "data-testid": "unknown-emoji" }, character));
    } else run += character;
  }
  flush();
  return nodes;
}

function picture(emoji: string, size: number): HTMLElement {
  const place = css(
    `width: ${size}px; height: ${size}px; vertical-align: ${size > 16 ? "top" : "text-bottom"}; background-size: contain; margin: 0 1px`,
  );
  return h("img", {
    class: `emoji ${place} ${css(`background-image: url(${sprite(emoji)})`)}`,
    alt: emoji,
    crossorigin: "anonymous",
    draggable: "false",
    src: BLANK,
    "data-plain-text": emoji,
  });
}

/** The emoji drawn once with the system's font; the real page cuts it out of a sprite. */
function sprite(emoji: string): string {
  const known = pictures.get(emoji);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = 40;
  canvas.height = 40;
  const context = canvas.getContext("2d");
  if (!context) return BLANK;
  context.font = '32px "Noto Color Emoji", sans-serif';
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(emoji, 20, 22);
  const url = canvas.toDataURL();
  pictures.set(emoji, url);
  return url;
}
