// Reactions under a bubble, outside its container.
import { css, row } from "../../atoms.ts";
import { type Child, h } from "../../dom.ts";
import { withEmoji } from "../../emoji.ts";
import type { Message } from "../../protocol.ts";
import type { Drawer } from "./drawer.ts";

const pill = `${row} ${css("gap: 3px; background: #fff; border: 1px solid #e9e7e3; border-radius: 12px; padding: 2px 6px; font-size: 12px; color: rgba(0, 0, 0, 0.6); cursor: pointer")}`;

/** The pill with up to three pictures and their count. */
export function reactions(drawer: Drawer, message: Message): Child {
  const list = message.reactions ?? [];
  if (list.length === 0 || message.deleted) return null;
  const total = list.reduce((sum, one) => sum + one.count, 0);
  const signs = list.map((one) => one.emoji);
  const label = total === 1 ? drawer.words.reaction(signs[0] ?? "") : drawer.words.reactions(signs.join(", "), total);
  return h(
    "div",
    {
      "data-testid": "reaction-bubble",
      class: `${row} ${message.fromMe ? css("justify-content: flex-end; padding: 0 70px; margin-top: -4px") : css("padding: 0 70px; margin-top: -4px")}`,
    },
    [
      h("button", { type: "button", "aria-haspopup": "true", "aria-label": label, class: pill }, [
        ...signs.slice(0, 3).map((sign) => h("div", {}, withEmoji(sign, 16))),
        total > 1 ? h("span", {}, String(total)) : null,
      ]),
    ],
  );
}
