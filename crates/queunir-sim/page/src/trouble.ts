// What tests ask of the page that life does to it: a network that goes, a ban, a renderer that hangs, takes too much or ends.
import type { Model } from "./model.ts";
import type { Outbox } from "./outbox.ts";
import type { FromServer } from "./protocol.ts";
import type { Screens } from "./screens/screens.ts";

/** Twice what ended Chromium 156; building it takes half a second, and grows with the square. */
const DEPTH = 10_000;

const MB = 1_000_000;
/** The disk is filled in parts of this size. */
const PART_MB = 8;
/** What was eaten. */
const eaten: Uint8Array[] = [];

/** What a trouble can get hold of. */
export interface Exposed {
  model: Model;
  screens: Screens;
  outbox: Outbox;
  /** Puts up a screen that takes the page away, or with `none` takes all of them down. */
  stand(screen: string): void;
  /** Tells what a person answered to a dialog. */
  answered(dialog: string, button: "ok" | "cancel"): void;
}

/** Does to the page what the frame says; gives `false` for a frame that is no trouble. */
export function suffer(page: Exposed, message: FromServer): boolean {
  const { model, screens } = page;
  switch (message.type) {
    case "offline":
      model.offline = message.on;
      model.tell("offline");
      return true;
    case "dialog":
      screens.showDialog(message, (button) => page.answered(message.id, button));
      return true;
    case "screen":
      page.stand(message.screen);
      return true;
    case "banner":
      model.banners = [...model.banners.filter(({ id }) => id !== message.id), message];
      model.tell("banners");
      return true;
    case "history":
      model.history = message.percent;
      model.tell("banners");
      model.tell("chats");
      return true;
    case "odd":
      model.odd = { what: message.what, key: model.open?.messages.at(-1)?.key ?? "" };
      model.tell("messages");
      return true;
    case "hang":
      hang(message.ms);
      return true;
    case "eat":
      eat(message.mb);
      return true;
    case "spin":
      spin();
      return true;
    case "fill":
      void fill(message.mb);
      return true;
    case "crash":
      crash();
      return true;
    case "reload":
      location.reload();
      return true;
    case "blank":
      screens.showNothing();
      return true;
    case "swallow":
      page.outbox.swallow();
      return true;
    default:
      return false;
  }
}

/** Keeps the renderer busy for so many milliseconds. */
function hang(ms: number): void {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

/** Holds so much memory until the page is loaded again; zeros would take none. */
function eat(mb: number): void {
  for (let part = 0; part < mb; part += 1) eaten.push(new Uint8Array(MB).fill(1));
}

/** Uses a core until the page is loaded again, beside what the page does. */
function spin(): void {
  new Worker(URL.createObjectURL(new Blob(["for (;;);"])));
}

/** Puts so much on the disk as pages do: into a cache of their own. */
async function fill(mb: number): Promise<void> {
  const cache = await caches.open("filled");
  for (let part = 0; part < mb; part += PART_MB)
    await cache.put(`/filled/${performance.now()}`, new Response(new Uint8Array(PART_MB * MB).fill(1)));
}

/** Ends the renderer's process: laying out elements inside each other to this depth overruns its stack. */
function crash(): void {
  const outermost = document.createElement("div");
  let inner = outermost;
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next = document.createElement("div");
    inner.append(next);
    inner = next;
  }
  document.body.append(outermost);
  outermost.getBoundingClientRect();
}
