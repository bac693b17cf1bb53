// Documents, places, contact cards, polls and link previews.
import { column, css, ellipsis, row } from "../../atoms.ts";
import { type Child, h } from "../../dom.ts";
import { withEmoji } from "../../emoji.ts";
import { drawing, spanIcon } from "../../icons.ts";
import type { Media, Message, Poll } from "../../protocol.ts";
import { showCards } from "../../screens/cards.ts";
import type { Drawer } from "./drawer.ts";
import { load, sizeText, stateOf } from "./files.ts";
import { uploading } from "./waiting.ts";

const panel = `${row} ${css("gap: 12px; background: rgba(11, 20, 26, 0.05); border-radius: 6px; padding: 12px 14px; width: 320px; max-width: 100%")}`;
const quiet = css("font-size: 12px; color: rgba(0, 0, 0, 0.6)");
const wideButton = css(
  "border: 0; border-top: 1px solid rgba(11, 20, 26, 0.1); background: none; color: #1b8755; font-size: 14px; padding: 9px; width: 100%; margin-top: 8px",
);

/** A file: name, pages, type and size, and what fetches it. */
export function file(drawer: Drawer, message: Message, media: Media): HTMLElement {
  const type = (media.name?.split(".").pop() ?? media.mime.split("/").pop() ?? "").toUpperCase();
  const facts = [media.pages ? drawer.words.pages(media.pages) : null, type, sizeText(media.bytes)].filter(Boolean);
  const state = stateOf(media);
  return h("div", { role: "button", tabindex: 0, title: media.name, class: panel }, [
    spanIcon(type === "PDF" ? "document-PDF-icon" : "document-refreshed-thin", 32),
    h("div", { class: `${column} ${css("flex: 1 1 0; min-width: 0; gap: 3px")}` }, [
      h("span", { dir: "auto", title: media.name, class: `${ellipsis} ${css("font-size: 14.2px")}` }, media.name ?? ""),
      h(
        "div",
        { class: quiet },
        facts.flatMap((fact, index): Child[] => [index ? h("span", {}, " • ") : null, h("span", {}, fact)]),
      ),
    ]),
    message.upload ? uploading(drawer, message) : opener(),
  ]);

  function opener(): HTMLElement {
    if (state.at === "ready") {
      const look = { href: state.url, download: media.name ?? "", "data-testid": "document-open", class: quiet };
      return h("a", look, drawer.words.open);
    }
    return h("button", { type: "button", "aria-label": drawer.words.download }, [spanIcon("audio-download", 26)], {
      click: () => void load(media, drawer.changed(message)),
    });
  }
}

/** A place: a drawn map that links to the real one. */
export function place(message: Message): Child {
  const { place: where } = message;
  if (!where) return null;
  const point = `${where.latitude},${where.longitude}`;
  return h("div", { "data-testid": "location-msg", class: css("width: 320px; max-width: 100%") }, [
    h(
      "a",
      {
        href: `https://maps.google.com/maps?q=${encodeURIComponent(point)}&z=17&hl=en`,
        target: "_blank",
        rel: "noopener noreferrer",
      },
      [h("div", { class: map }, [h("div", { class: css("color: #d93025") }, [drawing("ic-location-on", 40)])])],
    ),
    where.name
      ? h("div", { dir: "auto", class: css("font-size: 14.2px; padding-top: 6px") }, withEmoji(where.name))
      : null,
    where.address ? h("div", { dir: "auto", class: quiet }, where.address) : null,
  ]);
}

const map = `${row} ${css("height: 160px; border-radius: 6px; justify-content: center; background: repeating-linear-gradient(30deg, #e8e4da 0 26px, #f7f5ef 26px 30px, #dfe9d8 30px 64px, #f7f5ef 64px 68px)")}`;

/** Contact cards; the numbers show only in a dialog. */
export function cards(drawer: Drawer, message: Message): HTMLElement {
  const list = message.cards ?? [];
  const first = list[0]?.name ?? "";
  const title = list.length > 1 ? drawer.words.contacts(first, list.length - 1) : first;
  return h("div", { "data-testid": "vcard-msg", class: css("width: 300px; max-width: 100%") }, [
    h("div", { class: `${row} ${css("gap: 12px; padding: 6px 4px")}` }, [
      spanIcon("default-contact-refreshed", 42),
      h("div", { dir: "auto", class: css("font-size: 15px") }, withEmoji(title)),
    ]),
    h(
      "button",
      { type: "button", class: wideButton },
      list.length > 1 ? drawer.words.viewAll : drawer.words.viewContact,
      {
        click: () => showCards(drawer.model.texts, list),
      },
    ),
  ]);
}

/** A question with boxes to tick, each with a bar. */
export function poll(drawer: Drawer, message: Message): HTMLElement {
  const options = message.poll?.options ?? [];
  const most = Math.max(1, ...options.map((option) => option.votes));
  return h(
    "div",
    {
      "data-testid": "poll-bubble",
      class: `${column} ${css("gap: 8px; width: 320px; max-width: 100%; padding: 2px 4px 6px")}`,
    },
    [
      h("div", { "data-id": drawer.keyOf(message), class: css("font-size: 15px; font-weight: 500") }, [
        h(
          "span",
          { "data-testid": "selectable-text", dir: "auto", class: "selectable-text copyable-text" },
          withEmoji(message.text),
        ),
      ]),
      h("div", { class: quiet }, message.poll?.several ? drawer.words.selectSeveral : drawer.words.selectOne),
      ...options.map((option, index) => choice(drawer, message, option, index, most)),
      h("button", { type: "button", "data-testid": "poll-view-votes", class: wideButton }, drawer.words.viewVotes),
    ],
  );
}

function choice(
  drawer: Drawer,
  message: Message,
  option: Poll["options"][number],
  index: number,
  most: number,
): HTMLElement {
  const id = `${message.key}-${index}`;
  return h("div", { class: `${row} ${css("gap: 10px; align-items: flex-start")}` }, [
    h(
      "input",
      {
        type: "checkbox",
        id,
        "data-testid": `poll-option-${index}`,
        "aria-label": `${option.text} ${option.votes}`,
        checked: option.ours,
        class: css("flex: none; margin: 3px 0 0"),
      },
      null,
      { change: () => drawer.vote(message, index) },
    ),
    h(
      "label",
      {
        for: id,
        "data-testid": `poll-option-row-label-${index}`,
        class: css("flex: 1 1 0; min-width: 0; cursor: pointer"),
      },
      [
        h("div", { class: `${row} ${css("gap: 8px; justify-content: space-between; font-size: 14px")}` }, [
          h("span", { dir: "auto" }, withEmoji(option.text)),
          h("span", {}, String(option.votes)),
        ]),
        h(
          "div",
          { class: css("height: 6px; border-radius: 3px; background: rgba(11, 20, 26, 0.1); margin-top: 3px") },
          [
            h("div", {
              style: `width: ${(option.votes / most) * 100}%`,
              class: css("height: 6px; border-radius: 3px; background: #1daa61"),
            }),
          ],
        ),
      ],
    ),
  ]);
}

/** What a link in the text leads to. */
export function linkPreview(message: Message): Child {
  const { preview } = message;
  if (!preview) return null;
  return h(
    "div",
    {
      "data-testid": "link-preview-container",
      class: `${row} ${css("gap: 10px; background: rgba(11, 20, 26, 0.05); border-radius: 6px; overflow: hidden; margin-bottom: 4px; width: 320px; max-width: 100%")}`,
    },
    [
      h(
        "div",
        {
          "data-testid": "link-preview-thumbnail",
          class: `${row} ${css("width: 80px; height: 80px; flex-shrink: 0; justify-content: center; background: rgba(11, 20, 26, 0.08); color: #8696a0")}`,
        },
        [drawing("ic-link", 32)],
      ),
      h("div", { class: `${column} ${css("min-width: 0; gap: 2px; padding: 6px 8px 6px 0; font-size: 13px")}` }, [
        h(
          "div",
          { "data-testid": "link-preview-title", title: preview.title, dir: "auto", class: ellipsis },
          preview.title,
        ),
        h("div", { class: `${quiet} ${ellipsis}` }, preview.description),
        h("div", { class: quiet }, preview.domain),
      ]),
    ],
  );
}
