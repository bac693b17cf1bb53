// The corner of a bubble: clock, "Edited", delivery state. The icon names are off by one, as in life.
import { css, row } from "../atoms.ts";
import { type Child, h } from "../dom.ts";
import { faulty } from "../fault.ts";
import { dress } from "../generation.ts";
import { drawing, spanIcon } from "../icons.ts";
import { tickColour } from "../list/row.ts";
import { menuWord } from "../locale/menu.ts";
import type { Model } from "../model.ts";
import type { Ack, Message } from "../protocol.ts";

const ICONS: Record<Exclude<Ack, "failed">, string> = {
  pending: "wds-ic-status-pending",
  sent: "wds-ic-delivered",
  delivered: "wds-ic-read",
  read: "wds-ic-read-ack",
  played: "wds-ic-read-ack",
};

const corner = `${row} ${css("position: absolute; right: 7px; bottom: 4px; gap: 3px; font-size: 11px; line-height: 15px; color: rgba(0, 0, 0, 0.6); white-space: nowrap")}`;
const ghost = css("visibility: hidden; display: inline-block; height: 12px; font-size: 11px; padding-left: 8px");

/** The visible corner. */
export function meta(model: Model, message: Message): HTMLElement {
  return h("div", { "data-testid": "msg-meta", class: corner }, [
    message.starred
      ? h(
          "span",
          { "aria-label": model.texts.kinds.starred, "data-testid": "icon-star", class: css("display: inline-flex") },
          [drawing("ic-star", 14)],
        )
      : null,
    message.pinned
      ? h("span", { "aria-label": menuWord(model.texts.lang, "pinned"), class: css("display: inline-flex") }, [
          spanIcon("pinned-small", 14),
        ])
      : null,
    message.edited ? h("span", {}, model.texts.conversation.edited) : null,
    h("span", { dir: "auto" }, model.clock.hourMinute(message.at)),
    state(model, message),
  ]);
}

/** The invisible copy that keeps the text's last line clear of the corner. */
export function spacer(model: Model, message: Message): HTMLElement {
  const words = message.edited ? `${model.texts.conversation.edited} ` : "";
  const room = message.fromMe ? css("width: 20px; display: inline-block") : css("width: 4px; display: inline-block");
  return h("span", { class: ghost, "aria-hidden": "true" }, [
    h("span", {}, `${words}${model.clock.hourMinute(message.at)}`),
    h("span", { class: room }),
  ]);
}

function state(model: Model, message: Message): Child {
  const { ack } = message;
  if (!message.fromMe || !ack || ack === "failed" || message.deleted) return null;
  const name = faulty("3-honest-tick-names") ? `wds-ic-${ack}` : ICONS[ack];
  const icon = name.startsWith("wds-ic-read") ? drawing(name, 18, 16) : drawing(name, 16);
  return h("div", { class: tickColour(ack) }, [
    h(
      "span",
      {
        "aria-hidden": "false",
        "aria-label": model.texts.conversation.acks[ack],
        "data-testid": dress().icon(name),
        class: css("display: inline-flex"),
      },
      [icon],
    ),
  ]);
}
