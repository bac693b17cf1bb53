// What stands above a body: the message it answers, and that it was passed on.
import { column, css, ellipsis, row } from "../../atoms.ts";
import { type Child, h } from "../../dom.ts";
import { withEmoji } from "../../emoji.ts";
import { drawing, spanIcon } from "../../icons.ts";
import type { Texts } from "../../locale/texts.ts";
import type { Model } from "../../model.ts";
import type { Message, Quoted } from "../../protocol.ts";
import type { Drawer } from "./drawer.ts";
import { durationText } from "./files.ts";

const box = `${row} ${css("background: rgba(11, 20, 26, 0.05); border-radius: 6px; overflow: hidden; margin-bottom: 5px; cursor: pointer; border-left: 4px solid #1daa61; min-width: 160px")}`;

/** The icon and word a kind is shown by where there is no room for the thing itself. */
export const KIND_ICONS: Record<string, string> = {
  image: "ic-image",
  album: "ic-image",
  video: "ic-videocam-filled",
  gif: "ic-gif",
  voice: "ic-mic-filled",
  audio: "ic-headphones",
  document: "ic-description",
  sticker: "ic-sticker",
  location: "ic-location-on",
  contact: "ic-person",
  poll: "ic-poll",
  view_once: "ic-view-once",
};

/** The message above the words. */
export function quote(drawer: Drawer, message: Message): Child {
  return message.quoted ? quoteBox(drawer.model, drawer.words, message.quoted) : null;
}

/** What is answered, as it is drawn in a message and above the composer. */
export function quoteBox(model: Model, words: Texts["kinds"], quoted: Quoted): HTMLElement {
  const name = quoted.fromMe ? model.texts.list.you : quoted.author;
  return h("div", { "data-testid": "quoted-message" }, [
    h("div", { role: "button", "aria-label": words.quoted, tabindex: 0, class: box }, [
      h(
        "div",
        { class: `${column} ${css("flex: 1 1 0; min-width: 0; padding: 6px 10px; gap: 2px; font-size: 13px")}` },
        [
          h(
            "span",
            { "data-testid": "author", dir: "auto", class: css("color: #1b8755; font-weight: 500") },
            withEmoji(name, 16),
          ),
          h("div", { class: `${row} ${css("gap: 4px; color: rgba(0, 0, 0, 0.6)")}` }, [
            KIND_ICONS[quoted.kind] ? drawing(KIND_ICONS[quoted.kind] ?? "", 16) : null,
            h("span", { class: `quoted-mention ${ellipsis}`, dir: "auto" }, withEmoji(quotedWords(words, quoted), 16)),
          ]),
        ],
      ),
      quoted.thumb
        ? h("div", {
            style: `background-image: url("${quoted.thumb}")`,
            class: css("width: 52px; align-self: stretch; background-size: cover"),
          })
        : null,
    ]),
  ]);
}

function quotedWords(words: Texts["kinds"], quoted: Quoted): string {
  if (quoted.text) return quoted.text.length > 180 ? `${quoted.text.slice(0, 180).toWellFormed()}…` : quoted.text;
  const word = words.names[quoted.kind] ?? "";
  return quoted.seconds ? `${word} (${durationText(quoted.seconds)})` : word;
}

/** The line above a message that was passed on. */
export function forwarded(drawer: Drawer, message: Message): Child {
  const count = message.forwarded ?? 0;
  if (count === 0) return null;
  return h(
    "div",
    {
      "data-testid": "forwarded-header",
      class: `${row} ${css("gap: 4px; font-size: 13px; font-style: italic; color: rgba(0, 0, 0, 0.5); padding-bottom: 3px")}`,
    },
    [
      spanIcon("forward-refreshed", 16),
      h("span", {}, count >= 5 ? drawer.words.forwardedMany : drawer.words.forwarded),
    ],
  );
}
