// Bodies: emoji, links, bold and its kin, and the cut of long texts.
import { css } from "../atoms.ts";
import { type Child, h, keepInside } from "../dom.ts";
import { emojiOnly, withEmoji } from "../emoji.ts";
import type { Message } from "../protocol.ts";

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
export function body(message: Message, expanded: boolean, words: { readMore: string }, expand: () => void): Child[] {
  const { text } = message;
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
      [h("span", { class: wrap }, named(shown, message.mentions ?? [], size))],
    ),
    cut ? h("div", { role: "button", tabindex: 0, class: readMore }, words.readMore, { click: expand }) : null,
  ];
}

/** People who are named in the text are buttons with the hidden id behind them. */
function named(text: string, mentions: { name: string; id: string }[], size: number): Node[] {
  const [mention, ...rest] = mentions;
  if (!mention) return marked(text, size);
  const sign = `@${mention.name}`;
  const at = text.indexOf(sign);
  if (at < 0) return named(text, rest, size);
  const button = h("span", { role: "button", tabindex: 0, class: css("color: #027eb5; cursor: pointer") }, [
    h("span", { "data-plain-text": sign, "data-app-text-template": `${mention.id}@lid`, dir: "auto" }, [
      h("span", {}, "@"),
      h("span", { dir: "auto" }, mention.name),
    ]),
  ]);
  return [...named(text.slice(0, at), rest, size), button, ...named(text.slice(at + sign.length), mentions, size)];
}

function direction(text: string): string {
  const letter = /\p{L}/u.exec(text)?.[0];
  return letter && RTL.test(letter) ? "rtl" : "ltr";
}

/** Does not leave half of a surrogate pair at the cut. */
function whole(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1);
}

/** Covered words: a drawn veil until somebody clicks, and nothing of the words in the document. */
function spoiler(text: string, size: number): HTMLElement {
  const veil = h("canvas", { width: 80, height: 18 }) as HTMLCanvasElement;
  const pen = veil.getContext("2d");
  if (pen) {
    pen.fillStyle = "#9aa3a8";
    pen.fillRect(0, 0, 80, 18);
  }
  const node = keepInside(h("span", { "data-testid": "spoiler", role: "button", tabindex: 0 }, [veil]));
  node.addEventListener("click", () => node.replaceChildren(...withEmoji(text, size)), { once: true });
  return node;
}

function marked(text: string, size: number): Node[] {
  const parts = text.split(/\|\|(\S(?:[^|\n]*\S)?)\|\|/);
  if (parts.length === 1) return lines(text, size);
  return parts.flatMap((part, index) => (index % 2 ? [spoiler(part, size)] : lines(part, size)));
}

/** Lines that begin with `> ` are quotations, with `- ` items of a list; the sign stays in the attribute. */
function lines(text: string, size: number): Node[] {
  if (!/^(> |- )/m.test(text)) return inline(text, size);
  const nodes: Node[] = [];
  text.split("\n").forEach((line, index) => {
    if (index > 0) nodes.push(document.createTextNode("\n"));
    const sign = /^(> |- )/.exec(line)?.[0];
    if (!sign) nodes.push(...inline(line, size));
    else {
      const attributes = {
        class: `selectable-text copyable-text ${css("margin: 0")}`,
        "data-app-text-template": `${sign}\${appText}`,
      };
      const content = inline(line.slice(sign.length), size);
      nodes.push(
        sign === "> "
          ? h("blockquote", attributes, content)
          : h("ul", { class: css("margin: 0; padding-left: 20px") }, [h("li", attributes, content)]),
      );
    }
  });
  return nodes;
}

function inline(text: string, size: number): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    const sign = match[0].startsWith("```") ? "```" : (match[0][0] ?? "");
    const outside = /[\p{L}\p{N}]/u;
    if (outside.test(text[match.index - 1] ?? "") || outside.test(text[match.index + match[0].length] ?? "")) continue;
    nodes.push(...linked(text.slice(end, match.index), size));
    const inner = match[0].slice(sign.length, -sign.length);
    const content = sign.startsWith("`") ? [document.createTextNode(inner)] : inline(inner, size);
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
