// Which drawing a message gets, and whether it carries `data-pre-plain-text`.
import { css, row } from "../../atoms.ts";
import { type Child, h } from "../../dom.ts";
import { faulty } from "../../fault.ts";
import { spanIcon } from "../../icons.ts";
import type { Media, Message } from "../../protocol.ts";
import { body as words } from "../text.ts";
import { cards, file, linkPreview, place, poll } from "./cards.ts";
import type { Drawer } from "./drawer.ts";
import { album, film, image, sticker } from "./pictures.ts";
import { audio, voice } from "./sounds.ts";

/** Kinds whose bubbles have the hidden text that serves copying, whether captioned or not. */
const STAMPED = new Set(["text", "image", "video", "gif", "album", "location", "contact", "poll"]);

const quiet = `${row} ${css("gap: 6px; color: rgba(0, 0, 0, 0.6); font-style: italic; font-size: 14px; padding-right: 70px")}`;

/** A line in place of a body: deleted, unreadable, to be opened on the phone. */
export function notice(text: string, icon: string): HTMLElement {
  return h("div", { class: quiet }, [spanIcon(icon, 17), h("span", {}, text)]);
}

/** Whether the bubble has `data-pre-plain-text`. */
export function isStamped(message: Message): boolean {
  if (message.deleted) return false;
  if (faulty("3-voice-notes-stamped") && message.kind === "voice") return true;
  return STAMPED.has(message.kind) || (message.kind === "document" && message.text !== "");
}

/** Whether the message is drawn without a bubble behind it. */
export function isBare(message: Message): boolean {
  return message.kind === "sticker" && !message.deleted;
}

/** The drawing of a body that is not gone. */
export function drawBody(drawer: Drawer, message: Message, expanded: boolean, expand: () => void): Child {
  const text = (): Child => words(message, expanded, drawer.model.texts.conversation, expand);
  const first = message.media?.[0];
  if (message.kind === "text") return [linkPreview(message), text()];
  if (message.kind === "undecrypted") return notice(drawer.model.texts.conversation.waiting, "ic-schedule");
  if (message.kind === "view_once")
    return notice(message.video ? drawer.words.onceVideo : drawer.words.oncePhoto, "ic-view-once");
  if (message.kind === "location") return place(message);
  if (message.kind === "contact") return cards(drawer, message);
  if (message.kind === "poll") return poll(drawer, message);
  if (message.kind === "album") return [album(drawer, message), message.text ? text() : null];
  if (!first) return h("div", { class: css("min-width: 120px; min-height: 22px") });
  return [medium(drawer, message, first), message.text ? text() : null];
}

function medium(drawer: Drawer, message: Message, first: Media): Child {
  switch (message.kind) {
    case "image":
      return image(drawer, message, first);
    case "video":
    case "gif":
      return film(drawer, message, first);
    case "voice":
      return voice(drawer, message, first);
    case "audio":
      return audio(drawer, message, first);
    case "document":
      return file(drawer, message, first);
    case "sticker":
      return sticker(drawer, message, first);
    default:
      return h("div", { class: css("min-width: 120px; min-height: 22px") });
  }
}
