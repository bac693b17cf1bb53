// Voice notes and sound files. There is no audio element in the document; what plays has no node.
import { column, css, row } from "../../atoms.ts";
import { h, keepInside, percentOf } from "../../dom.ts";
import { drawing, spanIcon } from "../../icons.ts";
import type { Media, Message } from "../../protocol.ts";
import type { Drawer } from "./drawer.ts";
import { durationText, load, stateOf } from "./files.ts";

const BARS = 42;

const line = `${row} ${css("gap: 10px; padding: 4px 4px 14px; width: 320px; max-width: 100%")}`;
const round = `${row} ${css("width: 34px; height: 34px; justify-content: center; color: rgba(0, 0, 0, 0.55); flex-shrink: 0")}`;
const small = css("font-size: 11px; color: rgba(0, 0, 0, 0.6)");

let playing: HTMLAudioElement | null = null;

/** A voice note: the microphone's colour tells whether somebody listened. */
export function voice(drawer: Drawer, message: Message, media: Media): HTMLElement {
  const heard = message.fromMe ? message.ack === "played" : message.played === true;
  const colour = heard ? css("color: rgb(0, 123, 252)") : css("color: #1daa61");
  return h("div", { class: line }, [
    h("div", { class: css("position: relative; flex-shrink: 0") }, [
      h("div", { class: css("width: 46px; height: 46px; border-radius: 50%; background: #e3e0db") }),
      h(
        "span",
        {
          "data-icon": "ptt-status",
          "data-testid": "ptt-status",
          "aria-hidden": "true",
          class: `${colour} ${css("position: absolute; right: -4px; bottom: -2px; display: inline-flex")}`,
        },
        [drawing("ptt-status", 20)],
      ),
    ]),
    play(drawer, message, media, drawer.words.playVoice),
    h("span", { "aria-label": drawer.words.voice, class: css("display: none") }),
    h("div", { class: `${column} ${css("flex: 1 1 0; min-width: 0; gap: 3px")}` }, [
      wave(message.key),
      h("div", { class: small }, durationText(media.seconds ?? 0)),
    ]),
  ]);
}

/** A sound file with its name. */
export function audio(drawer: Drawer, message: Message, media: Media): HTMLElement {
  const { at } = stateOf(media);
  return h("div", { class: line }, [
    h(
      "div",
      {
        "data-testid": "media-canvas-audio-thumb",
        class: `${round} ${css("background: #e97a2f; color: #fff; border-radius: 50%; width: 46px; height: 46px")}`,
      },
      [drawing("ic-headphones", 24)],
    ),
    at === "ready" || at === "pending"
      ? h("div", { "data-testid": "audio-play" }, [play(drawer, message, media, drawer.words.playVoice)])
      : h(
          "button",
          { type: "button", "aria-label": drawer.words.download, class: round },
          [spanIcon("audio-download", 22)],
          {
            click: () => void load(media, drawer.changed(message)),
          },
        ),
    h("div", { class: `${column} ${css("flex: 1 1 0; min-width: 0; gap: 3px")}` }, [
      h(
        "span",
        {
          title: media.name ?? "",
          dir: "auto",
          class: css("font-size: 14px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap"),
        },
        media.name ?? "",
      ),
      h("div", { class: small }, durationText(media.seconds ?? 0)),
    ]),
  ]);
}

function play(drawer: Drawer, message: Message, media: Media, label: string): HTMLElement {
  return h("button", { type: "button", "aria-label": label, class: round }, [drawing("ic-play-arrow-filled", 26)], {
    click: () => void start(drawer, message, media),
  });
}

async function start(drawer: Drawer, message: Message, media: Media): Promise<void> {
  await load(media, drawer.changed(message));
  const state = stateOf(media);
  if (state.at !== "ready") return;
  playing?.pause();
  playing = new Audio(state.url);
  drawer.played(message);
  // Without a sound device there is nothing to hear, and nothing to say about it.
  await playing.play().catch(() => undefined);
}

function wave(key: string): HTMLElement {
  const canvas = h("canvas", { width: 210, height: 26, class: css("width: 210px; height: 26px") }) as HTMLCanvasElement;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.fillStyle = "#9aa3a8";
    for (let bar = 0; bar < BARS; bar += 1) {
      const height = 3 + (percentOf(`${key} ${bar}`) / 100) * 21;
      pen.fillRect(bar * 5, 13 - height / 2, 3, height);
    }
  }
  return keepInside(canvas);
}
