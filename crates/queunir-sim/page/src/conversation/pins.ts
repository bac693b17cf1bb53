// The banner with what is pinned, under the header: a press goes to the message and turns to the next pin.
import { css, ellipsis, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { drawing, spanIcon } from "../icons.ts";
import { menuWord } from "../locale/menu.ts";
import { openMenu } from "../menu/menu.ts";
import type { Model } from "../model.ts";
import type { Pin } from "../protocol.ts";

const bar = `${row} ${css("position: relative; width: 100%; gap: 12px; padding: 8px 20px; background: #fff; border-bottom: 1px solid #e9e7e3; text-align: left; cursor: pointer")}`;
const menuButton = css("position: absolute; right: 16px; top: 4px; display: flex; padding: 6px");

/** Builds the banner; it is empty while nothing is pinned. */
export function pinBanner(
  model: Model,
  chat: string,
  acts: { goTo(key: string): void; unpin(key: string): void },
): { node: HTMLElement; close(): void } {
  const { lang } = model.texts;
  const node = h("div");
  let at = 0;
  const draw = (): void => {
    const pin = model.pins.get(chat)?.[at];
    node.replaceChildren(...(pin ? [banner(pin)] : []));
  };
  /** What was pinned last shows first. */
  const changed = (): void => {
    at = (model.pins.get(chat)?.length ?? 0) - 1;
    draw();
  };
  const turn = (): void => {
    const count = model.pins.get(chat)?.length ?? 0;
    if (count > 1) at = (at + count - 1) % count;
    draw();
  };
  const banner = (pin: Pin): HTMLElement => {
    const author = pin.fromMe ? model.texts.list.you : pin.author;
    const words = pin.text || (model.texts.kinds.names[pin.kind] ?? "");
    const go = (): void => {
      acts.goTo(pin.key);
      turn();
    };
    const over = h("span", {});
    const show = (): void => {
      if (!over.firstChild) over.append(options(pin, over));
    };
    return h(
      "div",
      { "data-testid": "conversation-subheader", role: "button", tabindex: 0, class: bar },
      [
        h("span", { "aria-label": menuWord(lang, "pinned") }),
        spanIcon("pin-refreshed", 18),
        h("span", { dir: "auto", class: css("font-weight: 500") }, [...withEmoji(author, 16), ":"]),
        h("span", { dir: "auto", class: ellipsis }, withEmoji(words, 16)),
        over,
      ],
      { click: go, mouseenter: show, focusin: show, mouseleave: () => over.replaceChildren() },
    );
  };
  const options = (pin: Pin, anchor: HTMLElement): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        "data-testid": "conversation-banner-menu-icon",
        "aria-label": menuWord(lang, "bannerMenu"),
        class: menuButton,
      },
      [drawing("ic-expand-more", 20)],
      {
        click(event) {
          event.stopPropagation();
          const entries = [
            { label: menuWord(lang, "unpin"), icon: "wds-ic-push-pin-slash", act: () => acts.unpin(pin.key) },
            { label: menuWord(lang, "goTo"), icon: "ic-arrow-forward", act: () => acts.goTo(pin.key) },
          ];
          openMenu(entries, (anchor.firstElementChild ?? anchor).getBoundingClientRect());
        },
      },
    );
  const stop = model.on("pins", changed);
  changed();
  return { node, close: stop };
}
