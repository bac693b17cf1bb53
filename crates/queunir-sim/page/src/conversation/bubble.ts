// One message as a bubble.
import { css, hidden, row } from "../atoms.ts";
import { type Child, h, percentOf } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { drawing, spanIcon } from "../icons.ts";
import type { Model } from "../model.ts";
import type { ChatRow, Message } from "../protocol.ts";
import { meta, spacer } from "./meta.ts";
import { body } from "./text.ts";

/** Share of bubbles that carry their key a second time inside; in life some do. */
const INNER_KEY_SHARE = 8;

const NAME_COLOURS = ["#06cf9c", "#d35400", "#7f66ff", "#dd7c00", "#0a7cff", "#c4532d", "#5e47de", "#25d366"];

const lineOurs = `${row} ${css("padding: 0 63px; justify-content: flex-end; gap: 6px")}`;
const lineTheirs = `${row} ${css("padding: 0 63px; justify-content: flex-start")}`;
const bubble = css(
  "position: relative; max-width: 65%; border-radius: 7.5px; box-shadow: 0 1px 0.5px rgba(11, 20, 26, 0.13); padding: 6px 7px 8px 9px; min-width: 0",
);
const ours = css("background-color: #d9fdd3");
const theirs = css("background-color: #ffffff");
const tailOurs = css("position: absolute; top: 0; right: -8px; color: #d9fdd3; line-height: 0");
const tailTheirs = css("position: absolute; top: 0; left: -8px; color: #ffffff; line-height: 0");
const authorLine = css("font-size: 12.8px; font-weight: 500; line-height: 22px");
const quiet = `${row} ${css("gap: 6px; color: rgba(0, 0, 0, 0.6); font-style: italic; font-size: 14px; padding-right: 70px")}`;

export interface BubbleLook {
  first: boolean;
  label: boolean;
  expanded: boolean;
  expand(): void;
}

/** Draws the wrapper with `msg-container` for a message that is not a system row. */
export function drawBubble(model: Model, chat: ChatRow | undefined, message: Message, look: BubbleLook): HTMLElement {
  const own = message.fromMe;
  const failed = own && message.ack === "failed";
  return h(
    "div",
    {
      class: look.first ? css("padding-top: 10px; padding-bottom: 2px") : css("padding-bottom: 2px; padding-top: 0px"),
    },
    [
      h("div", { class: own ? lineOurs : lineTheirs }, [
        h("div", { "data-testid": "msg-container", class: `${bubble} ${own ? ours : theirs}` }, [
          look.first
            ? h("div", { class: own ? tailOurs : tailTheirs }, [spanIcon(own ? "tail-out" : "tail-in", 8, 13)])
            : null,
          look.label
            ? h("span", { "aria-label": `${own ? model.texts.list.you : message.author}:`, class: hidden })
            : null,
          chat?.kind === "group" && !own && look.first ? groupAuthor(message) : null,
          content(model, message, look),
          meta(model, message),
        ]),
        failed
          ? h(
              "div",
              {
                role: "button",
                "data-testid": "message-fail",
                "aria-label": model.texts.conversation.acks.failed.trim(),
                class: css("color: #ea0038; display: flex"),
              },
              [drawing("msg-fail", 22)],
            )
          : null,
      ]),
    ],
  );
}

function groupAuthor(message: Message): HTMLElement {
  const colour = NAME_COLOURS[message.author.length % NAME_COLOURS.length] ?? "#06cf9c";
  const name = message.authorPush
    ? [
        h("span", { dir: "auto" }, message.author),
        " ",
        h("span", { dir: "auto", class: css("opacity: .7") }, `~${message.authorPush}`),
      ]
    : [h("span", { dir: "auto" }, withEmoji(message.author, 16))];
  return h("div", { role: "button", "data-testid": "author", class: `${authorLine} ${css(`color: ${colour}`)}` }, name);
}

function content(model: Model, message: Message, look: BubbleLook): Child {
  const words = model.texts.conversation;
  if (message.deleted) return notice(message.fromMe ? words.deletedByUs : words.deletedByThem, "recalled");
  if (message.kind === "undecrypted") return notice(words.waiting, "ic-schedule");
  if (message.kind !== "text") return h("div", { class: css("min-width: 120px; min-height: 22px") });
  const name = message.fromMe ? model.ownName() : message.author;
  return h("div", { class: "copyable-text", "data-pre-plain-text": model.clock.prePlain(message.at, name) }, [
    h(
      "div",
      {
        "data-id": percentOf(`inner ${message.key}`) < INNER_KEY_SHARE ? message.key : null,
        class: css("position: relative; overflow-wrap: anywhere"),
      },
      [...body(message.text, look.expanded, words, look.expand), spacer(model, message)],
    ),
  ]);
}

function notice(text: string, icon: string): HTMLElement {
  return h("div", { class: quiet }, [spanIcon(icon, 17), h("span", {}, text)]);
}
