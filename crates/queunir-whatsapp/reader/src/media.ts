// What a bubble shows of its files, and the page's own addresses of it. Only addresses into the browser itself count:
// `blob:` and `data:`. Nothing here loads, plays or clicks.

import { attr, holds } from "./element";
import type { Parts } from "./message";

export type Shown = "whole" | "preview" | "nothing";

export interface Addresses {
  whole?: string | undefined;
  preview?: string | undefined;
}

const DATA = /^data:image\/(jpeg|png|webp);base64,/;
/** Shorter ones are blank dots, as emoji have. */
const LEAST_PREVIEW = 120;
const MOST_PREVIEW = 380_000;
const MOST_TILES = 30;

/** A film's or a sound's picture is not the film or the sound. */
const PICTURES: readonly string[] = ["image", "sticker", "album"];
const POSTERED: readonly string[] = ["video", "gif", "document"];

/** The parts of a bubble that show one file each. */
function tiles({ reading, bubble, free }: Parts, kind: string): Element[] {
  if (kind === "album") {
    reading.must("media.tile", bubble, free);
    const found = reading.all("media.tile", bubble, free);
    return found.filter((tile) => !found.some((other) => other !== tile && holds(other, tile))).slice(0, MOST_TILES);
  }
  return [reading.one(`kind.${kind}`, bubble, free) ?? bubble];
}

function addresses({ free }: Parts, kind: string, tile: Element): Addresses {
  const inside = (selector: string) => [...tile.querySelectorAll(selector), ...(tile.matches(selector) ? [tile] : [])];
  const blobs = (selector: string, attribute: string) =>
    inside(selector)
      .filter((element) => free(element) && !element.hasAttribute("data-plain-text"))
      .map((element) => element.getAttribute(attribute) ?? "")
      .find((address) => address.startsWith("blob:"));
  const picture = blobs("img[src^='blob:']", "src");
  const played = blobs("video[src^='blob:'], audio[src^='blob:'], source[src^='blob:']", "src");
  const whole = PICTURES.includes(kind)
    ? (picture ?? (kind === "album" ? played : undefined))
    : (played ?? blobs("a[href^='blob:']", "href"));
  const poster = POSTERED.includes(kind) ? picture : undefined;
  return {
    whole,
    preview: poster ?? (PICTURES.includes(kind) || POSTERED.includes(kind) ? blurred(inside, free) : undefined),
  };
}

/** The largest of the pictures that came with the message itself. */
function blurred(inside: (selector: string) => Element[], free: (element: Element) => boolean): string | undefined {
  const drawn = inside("[style*='data:image']")
    .filter(free)
    .map((element) => (element as HTMLElement).style.backgroundImage.replace(/^url\(["']?|["']?\)$/g, ""));
  const images = inside("img[src^='data:image']")
    .filter((element) => free(element) && !element.hasAttribute("data-plain-text"))
    .map((element) => attr(element, "src"));
  return [...drawn, ...images]
    .filter((address) => DATA.test(address) && address.length >= LEAST_PREVIEW && address.length <= MOST_PREVIEW)
    .sort((a, b) => b.length - a.length)[0];
}

/** What each file of a message shows. */
export function shownOf(parts: Parts, kind: string): Shown[] {
  return tiles(parts, kind).map((tile) => {
    const { whole, preview } = addresses(parts, kind, tile);
    return whole !== undefined ? "whole" : preview !== undefined ? "preview" : "nothing";
  });
}

/** Where one file of a message is. */
export function addressesOf(parts: Parts, kind: string, place: number): Addresses {
  const tile = tiles(parts, kind)[place];
  return tile === undefined ? {} : addresses(parts, kind, tile);
}
