// Bodies: emoji, links, bold and its kin, and the cut of long texts.
import { css } from "../atoms.ts";
import { type Child, h } from "../dom.ts";
import { emojiOnly, withEmoji } from "../emoji.ts";

/** Longer bodies are cut; the rest is not in the document until "Read more". */
export const LONG_TEXT = 700;

const MARKUP =
  /(```[^`]+```|`[^`\n]+`|\*[^\s*](?:[^*\n]*[^\s*])?\*|_[^\s_](?:[^_\n]*[^\s_])?_|~[^\s~](?:[^~\n]*[^\s~])?~)/g;
const LINK = /\bhttps?:\/\/[^\s<>"]+|\bwww\.[^\s<>"]+\.[^\s<>"]+/g;
const TAGS: Record<string, string> = { "*": "strong", _: "em", "~": "del", "`": "code", "```": "code" };
const RTL = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

const wrap = css("white-space: pre-wrap; overflow-wrap: anywhere");
const bodyText = css("font-size: 14.2px; line-height: 19px; user-select: text");
const readMore = css("color: #1b8755; cursor: pointer; display: inline; font-size: 14.2px; margin-left: 4px");

/** The body of a text message; a single emoji comes without the selectable span. */
export function body(text: string, expanded: boolean, words: { readMore: string }, expand: () => void): Child[] {
  const emoji = emojiOnly(text);
  if (emoji === 1) return [h("div", { class: css("padding: 2px 0 6px") }, withEmoji(text.trim(), 60))];
  const cut = !expanded && text.length > LONG_TEXT;
  const shown = cut ? `${whole(text.slice(0, LONG_TEXT))}…` : text;
  const size = emoji > 0 && emoji <= 3 ? 40 : 20;
  return [
    h(
      "span",
      {
        "data-testid": "selectable-text",
        dir: direction(text),
        class: `selectable-text copyable-text ${bodyText}`,
      },
      [h("span", { class: wrap }, marked(shown, size))],
    ),
    cut ? h("div", { role: "button", tabindex: 0, class: readMore }, words.readMore, { click: expand }) : null,
  ];
}

function direction(text: string): string {
  const letter = /\p{L}/u.exec(text)?.[0];
  return letter && RTL.test(letter) ? "rtl" : "ltr";
}

/** Does not leave half of a surrogate pair at the cut. */
function whole(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1);
}

function marked(text: string, size: number): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    const sign = match[0].startsWith("```") ? "```" : (match[0][0] ?? "");
    const outside = /[\p{L}\p{N}]/u;
    if (outside.test(text[match.index - 1] ?? "") || outside.test(text[match.index + match[0].length] ?? "")) continue;
    nodes.push(...linked(text.slice(end, match.index), size));
    const inner = match[0].slice(sign.length, -sign.length);
    const content = sign.startsWith("`") ? [document.createTextNode(inner)] : marked(inner, size);
    nodes.push(
      h(
        TAGS[sign] ?? "span",
        { class: "selectable-text copyable-text", "data-app-text-template": `${sign}\${appText}${sign}` },
        content,
      ),
    );
    end = match.index + match[0].length;
  }
  nodes.push(...linked(text.slice(end), size));
  return nodes;
}

function linked(text: string, size: number): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(...withEmoji(text.slice(end, match.index), size));
    const href = match[0].startsWith("http") ? match[0] : `http://${match[0]}`;
    nodes.push(
      h(
        "a",
        {
          dir: "ltr",
          href,
          target: "_blank",
          rel: "noopener noreferrer",
          class: `selectable-text copyable-text ${css("color: #027eb5")}`,
        },
        match[0],
      ),
    );
    end = match.index + match[0].length;
  }
  nodes.push(...withEmoji(text.slice(end), size));
  return nodes;
}
