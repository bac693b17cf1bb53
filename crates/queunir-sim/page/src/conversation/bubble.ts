// One message as a bubble.
import { css, hidden, row } from "../atoms.ts";
import { type Child, h, percentOf } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { faulty } from "../fault.ts";
import { dress } from "../generation.ts";
import { drawing, spanIcon } from "../icons.ts";
import type { ChatRow, Message } from "../protocol.ts";
import { drawBody, isBare, isStamped, notice } from "./kinds/body.ts";
import type { Drawer } from "./kinds/drawer.ts";
import { forwarded, quote } from "./kinds/quote.ts";
import { reactions } from "./kinds/reactions.ts";
import { meta, spacer } from "./meta.ts";

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

export interface BubbleLook {
  first: boolean;
  label: boolean;
  expanded: boolean;
  expand(): void;
}

const bare = css("position: relative; padding: 2px 0 16px");

/** The bubble inside a drawn message, by the outermost element of the drawing. */
const bubbles = new WeakMap<Node, HTMLElement>();

/** The bubble of a drawing; `null` for a row about what happened. */
export function bubbleOf(content: Node | null): HTMLElement | null {
  return (content && bubbles.get(content)) ?? null;
}

/** Draws the wrapper with `msg-container` for a message that is not a system row. */
export function drawBubble(drawer: Drawer, chat: ChatRow | undefined, message: Message, look: BubbleLook): HTMLElement {
  const { model } = drawer;
  const own = message.fromMe;
  const failed = own && message.ack === "failed";
  const box = h(
    "div",
    { "data-testid": "msg-container", class: isBare(message) ? bare : `${bubble} ${own ? ours : theirs}` },
    [
      look.first && !isBare(message)
        ? h("div", { class: own ? tailOurs : tailTheirs }, [spanIcon(own ? "tail-out" : "tail-in", 8, 13)])
        : null,
      look.label ? h("span", { "aria-label": `${own ? model.texts.list.you : message.author}:`, class: hidden }) : null,
      chat?.kind === "group" && !own && look.first ? groupAuthor(message) : null,
      content(drawer, message, look),
      meta(model, message),
    ],
  );
  const drawn = h(
    "div",
    {
      class: `${directionClass(own)}${look.first ? css("padding-top: 10px; padding-bottom: 2px") : css("padding-bottom: 2px; padding-top: 0px")}`,
    },
    [
      h("div", { class: own ? lineOurs : lineTheirs }, [
        box,
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
      reactions(drawer, message),
    ],
  );
  bubbles.set(drawn, box);
  return drawn;
}

/** The generation before said by a class who wrote. */
function directionClass(own: boolean): string {
  if (dress().name !== "g2" && !faulty("3-direction-class")) return "";
  return own ? "message-out focusable-list-item " : "message-in focusable-list-item ";
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

function content(drawer: Drawer, message: Message, look: BubbleLook): Child {
  const words = drawer.model.texts.conversation;
  if (message.deleted) return notice(deletedWords(drawer, message), "recalled");
  const drawn = [
    forwarded(drawer, message),
    quote(drawer, message),
    drawBody(drawer, message, look.expanded, look.expand),
    spacer(drawer.model, message),
  ];
  const inner = h(
    "div",
    {
      "data-id": percentOf(`inner ${message.key}`) < INNER_KEY_SHARE ? drawer.keyOf(message) : null,
      class: css("position: relative; overflow-wrap: anywhere"),
    },
    drawn,
  );
  const body = dress().wrapped ? h("div", {}, [inner]) : inner;
  if (!isStamped(message)) return body;
  const name = message.fromMe ? drawer.model.ownName() : message.author;
  const stamp = drawer.model.clock.prePlain(message.at, name);
  return h("div", { class: "copyable-text", "data-pre-plain-text": stamp }, [body]);

  function deletedWords(from: Drawer, gone: Message): string {
    if (gone.deletedByAdmin) return from.words.deletedByAdmin(gone.deletedByAdmin);
    return gone.fromMe ? words.deletedByUs : words.deletedByThem;
  }
}
