// What stands between the bubbles: dates, the unread divider, system rows.
import { css } from "../atoms.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import type { Model } from "../model.ts";
import type { Message } from "../protocol.ts";

const line = css("display: flex; justify-content: center; padding: 8px 63px");
const pill = css(
  "background: rgba(255, 255, 255, 0.95); border-radius: 8px; padding: 5px 12px; font-size: 12.5px; line-height: 20px; color: #54656f; box-shadow: 0 1px 0.5px rgba(11, 20, 26, 0.13); text-align: center",
);
const yellow = css("background-color: #fff0d4");

/** A date marker. */
export function dateMarker(text: string): HTMLElement {
  return h("div", { class: line }, [h("div", { class: pill }, [h("span", { dir: "auto" }, text)])]);
}

/** The divider above the first unread message. */
export function unreadDivider(model: Model, count: number): HTMLElement {
  const text = model.texts.conversation.unread(count, model.clock.number(count));
  return h("div", { class: `${line} ${css("background-color: rgba(255, 255, 255, 0.5)")}` }, [
    h("span", { "aria-live": "polite", class: pill }, text),
  ]);
}

/** A system row's wrapper; the encryption notice can be clicked and marks the start of the chat. */
export function drawNotice(model: Model, message: Message): HTMLElement {
  const words = model.texts.conversation;
  const encryption = message.system === "e2e";
  const text = encryption ? words.encryption : message.text || (words.systems[message.system ?? ""] ?? "");
  const lock = encryption
    ? h("span", { class: css("display: inline-block; vertical-align: -2px; margin-right: 4px") }, [
        drawing("ic-lock", 14),
      ])
    : null;
  const subtype = encryption ? "subtype-encrypt" : message.system ? `subtype-${message.system}` : "system_message";
  const inner = [
    h("div", { "data-testid": "msg-notification-container", class: line }, [
      h("div", { "data-testid": subtype, class: encryption ? `${pill} ${yellow} ${css("max-width: 520px")}` : pill }, [
        lock,
        h("span", { dir: "auto" }, text),
      ]),
    ]),
  ];
  return encryption ? h("div", { role: "button", tabindex: 0 }, inner) : h("div", {}, inner);
}
