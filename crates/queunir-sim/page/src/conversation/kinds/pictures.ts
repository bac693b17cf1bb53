// Pictures, films, albums and stickers: blurred until their bytes are here.
import { css, row } from "../../atoms.ts";
import { type Child, h } from "../../dom.ts";
import { drawing } from "../../icons.ts";
import type { Media, Message } from "../../protocol.ts";
import type { Drawer } from "./drawer.ts";
import { durationText, load, loadOnce, sizeText, stateOf } from "./files.ts";
import { onItsWay, pill, uploading } from "./waiting.ts";

/** How many tiles an album draws; the last one counts the rest. */
const TILES = 4;

const frame = css("position: relative; border-radius: 6px; overflow: hidden; cursor: pointer; background: #d9d4cc");
const cover = css("position: absolute; inset: 0; background-size: cover; background-position: center");
const fill = css("width: 100%; height: 100%; object-fit: cover; display: block");
const center = `${row} ${css("position: absolute; inset: 0; justify-content: center")}`;
const corner = `${row} ${css("position: absolute; left: 8px; bottom: 6px; gap: 4px; color: #fff; font-size: 12px; text-shadow: 0 0 3px #000")}`;
const tileBox = css("width: 100%; height: 163px");
const grid = css("display: grid; grid-template-columns: 1fr 1fr; gap: 3px; width: 330px");

/** A picture of a message; it is fetched as soon as it is drawn. */
export function image(drawer: Drawer, message: Message, media: Media, size = box(media)): HTMLElement {
  loadOnce(media, drawer.changed(message));
  return h(
    "div",
    {
      role: "button",
      tabindex: 0,
      "data-testid": "image-thumb",
      "aria-label": drawer.words.openPicture,
      class: `${frame} ${size}`,
    },
    [blurred(media), shown(media), waiting(drawer, message, media)],
  );
}

/** A film or a GIF: the poster, and its length; the film itself comes on a click. */
export function film(drawer: Drawer, message: Message, media: Media, size = box(media)): HTMLElement {
  const gif = message.kind === "gif";
  if (gif) loadOnce(media, drawer.changed(message));
  const playing = gif ? shown(media) : null;
  return h(
    "div",
    { "data-testid": gif ? "image-thumb-gif" : "video-content", class: `${frame} ${size}` },
    [
      blurred(media),
      media.thumb ? h("div", { style: `background-image: url(${media.thumb})`, class: cover }) : null,
      playing,
      gif
        ? h("div", { class: center }, [h("span", { "data-testid": "media-gif", class: pill }, [drawing("ic-gif", 22)])])
        : h("div", { class: center }, [h("span", { class: pill }, [drawing("ic-play-arrow-filled", 22)])]),
      gif
        ? null
        : h("div", { class: corner }, [
            drawing("ic-videocam-filled", 16),
            h("span", {}, durationText(media.seconds ?? 0)),
          ]),
      gif || message.upload ? waiting(drawer, message, media) : null,
    ],
    gif ? {} : { click: () => void load(media, drawer.changed(message)) },
  );
}

/** Several pictures in one bubble. */
export function album(drawer: Drawer, message: Message): HTMLElement {
  const media = message.media ?? [];
  const tiles = media.slice(0, TILES).map((one, index) => {
    const rest = media.length - TILES;
    const tile = one.mime.startsWith("video/")
      ? film(drawer, message, one, tileBox)
      : image(drawer, message, one, tileBox);
    return h("div", { style: `grid-area: ${Math.floor(index / 2) + 1} / ${(index % 2) + 1}; position: relative` }, [
      tile,
      rest > 0 && index === TILES - 1
        ? h(
            "div",
            {
              class: `${center} ${css("background: rgba(11, 20, 26, 0.5); color: #fff; font-size: 26px; pointer-events: none")}`,
            },
            `+${rest}`,
          )
        : null,
    ]);
  });
  return h("div", { "data-testid": "media-album", class: grid }, tiles);
}

/** A sticker: no bubble, no words. */
export function sticker(drawer: Drawer, message: Message, media: Media): HTMLElement {
  loadOnce(media, drawer.changed(message));
  const state = stateOf(media);
  return h("div", { "data-testid": "sticker-container", class: css("width: 160px; height: 160px; padding: 4px") }, [
    state.at === "ready"
      ? h("img", {
          "data-testid": "media-sticker",
          alt: drawer.words.sticker,
          draggable: "false",
          src: state.url,
          class: css("width: 150px; height: 150px; object-fit: contain"),
        })
      : h("div", {
          class: css("width: 150px; height: 150px; border-radius: 20px; background: rgba(11, 20, 26, 0.08)"),
        }),
  ]);
}

function box(media: Media): string {
  const wide = (media.width ?? 4) >= (media.height ?? 3);
  return wide ? css("width: 330px; height: 248px") : css("width: 248px; height: 330px");
}

function blurred(media: Media): Child {
  return h("div", {
    style: media.thumb ? `background-image: url("${media.thumb}")` : null,
    class: `${cover} ${css("filter: blur(8px)")}`,
  });
}

function shown(media: Media): Child {
  const state = stateOf(media);
  if (state.at !== "ready") return null;
  return h("div", { class: css("position: absolute; inset: 0") }, [h("img", { alt: "", src: state.url, class: fill })]);
}

function waiting(drawer: Drawer, message: Message, media: Media): Child {
  const state = stateOf(media);
  if (message.upload) return h("div", { class: center }, [uploading(drawer, message)]);
  if (state.at === "ready") return null;
  if (state.at === "missing") {
    return h("div", { class: center }, [
      h(
        "button",
        { type: "button", "data-testid": "media-state-download", class: pill },
        [drawing("ic-download", 20), h("span", {}, sizeText(media.bytes))],
        {
          click(event) {
            event.stopPropagation();
            void load(media, drawer.changed(message));
          },
        },
      ),
    ]);
  }
  return h("div", { class: center }, [onItsWay()]);
}
