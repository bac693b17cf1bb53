// Name and second line above a conversation.
import { column, css, ellipsis, row } from "../atoms.ts";
import { h, morph } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { drawing } from "../icons.ts";
import { avatar, shownTitle } from "../list/row.ts";
import type { Model } from "../model.ts";
import type { ChatRow } from "../protocol.ts";

/** How long the second line invites to click before it shows presence. */
const HINT_MS = 2000;

const bar = `${row} ${css("height: 64px; flex-shrink: 0; background: #fff; padding: 0 20px; gap: 14px; border-bottom: 1px solid #e9e7e3")}`;
const info = `${column} ${css("flex: 1 1 0; min-width: 0; cursor: pointer; justify-content: center")}`;
const subtitle = `${ellipsis} ${css("font-size: 13px; line-height: 19px; color: rgba(0, 0, 0, 0.6)")}`;

/** Builds the header; `update` follows presence, typing and renames. */
export function header(
  model: Model,
  id: string,
  showInfo: () => void,
): { node: HTMLElement; update: () => void; close: () => void } {
  let hint = true;
  const timer = window.setTimeout(() => {
    hint = false;
    update();
  }, model.duration(HINT_MS));

  const draw = (): HTMLElement => {
    const chat = model.chats.get(id);
    if (!chat) return h("header", { class: bar, "data-testid": "conversation-header" });
    const title = shownTitle(model, chat);
    const second = secondLine(model, chat, hint);
    return h("header", { class: bar, "data-testid": "conversation-header" }, [
      h("div", { role: "button" }, [avatar(chat, 40)]),
      h(
        "div",
        {
          "data-testid": "conversation-info-header",
          "data-tab": 6,
          role: "button",
          tabindex: 0,
          class: info,
        },
        [
          h("div", { class: row }, [
            h(
              "span",
              {
                "data-testid": "conversation-info-header-chat-title",
                dir: "auto",
                title,
                class: `${ellipsis} ${css("font-size: 16px; line-height: 21px")}`,
              },
              withEmoji(title.replace(/ {2,}/g, " ")),
            ),
          ]),
          second
            ? h("div", { "data-testid": "chat-subtitle", class: subtitle }, [h("span", { title: second }, second)])
            : null,
        ],
        { click: showInfo },
      ),
      h("div", { class: `${row} ${css("gap: 22px; color: rgba(0, 0, 0, 0.6)")}` }, [
        h("button", { type: "button", "aria-label": "Search", "data-tab": 6 }, [drawing("ic-search", 22)]),
        h("button", { type: "button", "aria-label": "Menu", "data-tab": 6 }, [drawing("more-refreshed", 22)]),
      ]),
    ]);
  };

  let node = draw();
  const update = (): void => {
    node = morph(node, draw()) as HTMLElement;
  };
  return { node, update, close: () => window.clearTimeout(timer) };
}

function secondLine(model: Model, chat: ChatRow, hint: boolean): string | null {
  const { texts } = model;
  if (model.typing.has(chat.id)) {
    const author = model.typing.get(chat.id);
    return author && chat.kind === "group" ? texts.list.nameTyping(author) : texts.list.typing;
  }
  if (chat.kind === "group") {
    if (hint || !chat.members) return texts.header.groupInfo;
    return [...chat.members, texts.list.you].join(", ");
  }
  const presence = model.presence.get(chat.id);
  if (presence?.state === "online") return texts.header.online;
  if (hint) return texts.header.contactInfo;
  if (presence?.state === "lastSeen" && presence.at) return model.clock.lastSeen(presence.at, Date.now());
  return null;
}
