// What stands between the bubbles: dates, the unread divider, system rows.
import { css } from "../atoms.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import type { Model } from "../model.ts";
import type { Message } from "../protocol.ts";
import { durationText } from "./kinds/files.ts";

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

/** What stands below the encryption notice when an unknown person writes: a row with a key that is no message. */
export function strangerCard(model: Model, key: string): HTMLElement {
  const words = model.texts.stranger;
  const button = (testid: string, label: string): HTMLElement =>
    h(
      "button",
      { type: "button", "data-testid": testid, class: css("color: #1b8755; font-size: 14px; padding: 6px 12px") },
      label,
    );
  return h("div", { role: "row" }, [
    h("div", { "data-id": key, tabindex: -1 }, [
      h("div", { "data-virtualized": "false" }, [
        h("div", { class: line }, [
          h("div", { class: `${pill} ${css("max-width: 420px; padding: 14px")}` }, [
            h("div", { dir: "auto" }, words.text),
            h("div", { class: css("display: flex; justify-content: center; gap: 8px; padding-top: 8px") }, [
              button("block-btn", words.block),
              button("report-btn", words.report),
              button("add-contact-btn", words.add),
            ]),
          ]),
        ]),
      ]),
    ]),
  ]);
}

/** Three dots at the end, without a key. */
export function typingBubble(model: Model): HTMLElement {
  return h("div", { class: css("padding: 4px 63px") }, [
    h(
      "div",
      { "data-testid": "typing-bubble", class: `${pill} ${css("display: inline-block; letter-spacing: 3px")}` },
      [h("span", { "aria-label": model.texts.list.typing }, "•••")],
    ),
  ]);
}

/** The words of a notice; the name that stands in `text` goes into the page's own words where it has some. */
function noticeWords(systems: Record<string, string>, message: Message): string {
  const own = systems[message.system ?? ""];
  if (!own) return message.text;
  return own.includes("{}") ? own.replace("{}", message.text) : own;
}

/** A call that was made or missed. */
export function drawCall(model: Model, message: Message): HTMLElement {
  const words = model.texts.kinds;
  const call = message.call ?? { video: false, missed: false, seconds: 0 };
  const name = call.missed ? words.missedCall(call.video) : words.call(call.video);
  const icon = call.video ? "ic-videocam" : call.missed ? "ic-phone-missed" : "ic-phone";
  return h("div", {}, [
    h("div", { "data-testid": "msg-notification-container", class: line }, [
      h("div", { "data-testid": "call-log-system-message", class: pill }, [
        h("span", { class: css("display: inline-block; vertical-align: -3px; margin-right: 6px") }, [
          drawing(icon, 16),
        ]),
        h("span", { dir: "auto" }, call.seconds ? `${name} • ${durationText(call.seconds)}` : name),
        " ",
        h("span", { dir: "auto" }, model.clock.hourMinute(message.at)),
      ]),
    ]),
  ]);
}

/** A system row's wrapper; the encryption notice can be clicked and marks the start of the chat. */
export function drawNotice(model: Model, message: Message): HTMLElement {
  const words = model.texts.conversation;
  const encryption = message.system === "e2e";
  const text = encryption ? words.encryption : noticeWords(words.systems, message);
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
