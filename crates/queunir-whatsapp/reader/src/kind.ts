// What a message is, by marks in the order in which they are believed, and what its file tells.

import { around, attr, every, first, holds, PRESSED } from "./element";
import { hasIcon } from "./icons";
import { CLOCK, type Leaf } from "./leaves";
import { shownOf } from "./media";
import type { Parts } from "./message";
import { mentions, words } from "./profile";
import type { Row } from "./schema";
import { lineText, plain, short } from "./text";

/** The first that has a mark is it; the names of anchors, icons and labels are the same. */
const KINDS = [
  "poll",
  "location",
  "contact",
  "album",
  "sticker",
  "gif",
  "voice",
  "video",
  "audio",
  "document",
  "image",
  "call",
] as const;
const DURATION = /^\d{1,3}:\d{2}(:\d{2})?$/;
const SIZE = /^\d[\d.,]*\s?([kmg]i?b|bytes|b)$/i;
const FILE = /^.{1,300}\.[a-z0-9]{1,5}$/i;

export type Kind = (typeof KINDS)[number] | "deleted" | "undecrypted" | "view_once" | "none";

/** Kinds whose own anchors are missed when something else tells the kind. */
const MARKED: readonly string[] = ["poll", "location", "contact", "album", "sticker", "image"];

/** The kind; `text` is the body, `drawn` everything else that is written in the bubble. */
export function kindOf(parts: Parts, text: string, drawn: Leaf[]): Kind {
  const { reading, bubble, free } = parts;
  const kind = toldKind(parts, text, drawn);
  if (MARKED.includes(kind) && reading.expects(`kind.${kind}`)) reading.must(`kind.${kind}`, bubble, free);
  return kind;
}

function toldKind(parts: Parts, text: string, drawn: Leaf[]): Kind {
  const { reading, bubble, row, free, pre } = parts;
  if (hasIcon(row, "recalled", free)) return "deleted";
  const labels = every(bubble, "[aria-label]")
    .filter(free)
    .map((element) => plain(attr(element, "aria-label")));
  for (const kind of KINDS) {
    if (reading.one(`kind.${kind}`, bubble, free)) return kind;
    const said = words.kinds[kind];
    const by = hasIcon(bubble, kind, free)
      ? "icon"
      : said?.some((word) => labels.includes(word) || (kind === "voice" && mentions(labels.join("\n"), [word])))
        ? "label"
        : undefined;
    if (by) {
      reading.found(`kind.${kind}`, by);
      return kind;
    }
  }
  if (isPoll(parts, drawn)) return "poll";
  if (isFile(parts, text, drawn)) return "document";
  // Notices have no stamp, every text has: what says "this message was deleted" with one is somebody's words.
  if (!pre) {
    const line = plain([text, ...drawn.map((leaf) => leaf.text)].join(" ").slice(0, 1_000));
    if (mentions(line, words.undecrypted)) return "undecrypted";
    if (mentions(line, words.view_once)) return "view_once";
    if (mentions(line, words.deleted)) return "deleted";
    if (text === "" && mentions(line, words.call)) return "call";
    if (text === "" && isSticker(parts, drawn)) return "sticker";
  }
  const linked = first(parts.body, "a[href]");
  if (text === "" && reading.one("loose.location", bubble, free)) return "location";
  if (!linked && reading.one("loose.image", bubble, free)) return "image";
  return "none";
}

/** Several boxes to tick, or several things to press below the words that ask for a choice. */
function isPoll({ bubble, free, pre }: Parts, drawn: Leaf[]): boolean {
  const several = (selector: string) => every(bubble, selector).filter(free).length > 1;
  return (
    pre !== null &&
    (several("[type=checkbox]") || (several(PRESSED) && drawn.some((leaf) => words.choose.includes(plain(leaf.text)))))
  );
}

/** Nothing but a described picture that cannot be pressed, and a clock; a name may stand above. */
function isSticker({ reading, bubble, free }: Parts, drawn: Leaf[]): boolean {
  const clocks = drawn.filter((leaf) => CLOCK.test(leaf.text));
  return (
    clocks.length === 1 &&
    clocks[0] === drawn.at(-1) &&
    drawn.length < 3 &&
    reading.one("loose.sticker", bubble, (picture) => free(picture) && !around(picture, PRESSED)) !== null
  );
}

/** A titled name and a size, or without any text a titled name that looks like a file's. */
function isFile({ bubble, free }: Parts, text: string, drawn: Leaf[]): boolean {
  const titles = every(bubble, "[title]").filter(free);
  if (titles.length === 0) return false;
  const sized = drawn.some((leaf) => leaf.text.split(/\s[•·]\s|,\s/).some((part) => SIZE.test(part)));
  return sized || (text === "" && titles.some((element) => FILE.test(attr(element, "title"))));
}

const FILED: readonly string[] = ["album", "sticker", "gif", "voice", "video", "audio", "document", "image"];

/** File facts, and the clock, which looks like a duration but comes last. */
export function mediaOf(parts: Parts, kind: Kind, drawn: Leaf[]): { clock?: Leaf | undefined; media: Row["media"] } {
  const { clock, media } = factsOf(parts, kind, drawn);
  if (!FILED.includes(kind)) return { clock, media };
  const size = drawn
    .filter((leaf) => leaf !== clock)
    .flatMap((leaf) => leaf.text.split(/\s[•·]\s|,\s/))
    .find((part) => SIZE.test(part.trim()));
  return {
    clock,
    media: { ...media, size: size && short(size), files: shownOf(parts, kind) },
  };
}

function factsOf(parts: Parts, kind: Kind, drawn: Leaf[]): { clock?: Leaf | undefined; media: Row["media"] } {
  const { bubble, meta, free } = parts;
  const clocks = drawn.filter(
    ({ element, text }) => CLOCK.test(text) && text.length < 30 && (!meta || holds(meta, element)),
  );
  const timed = ["voice", "video", "gif", "audio"].includes(kind);
  const spans = drawn.filter(({ text }) => DURATION.test(text));
  // One figure alone, in a line without a name, is the length of what can be played.
  const alone = timed && !meta && clocks.length === 1 && spans.length === 1;
  const clock = alone ? undefined : clocks.at(-1);
  const duration = spans.find((leaf) => leaf !== clock && (alone || leaf.text !== clock?.text));
  const titles = every(bubble, "[title]")
    .filter(free)
    .map((element) => attr(element, "title"));
  if (kind === "document") {
    const name = titles.find((title) => FILE.test(title)) ?? titles.find((title) => title !== "") ?? fileName(drawn);
    return { clock, media: name ? { name: short(name) } : undefined };
  }
  if (kind === "contact") {
    const name = drawn.find((leaf) => leaf !== clock && !around(leaf.element, "button"));
    return { clock, media: name && { name: short(lineText(name.element)) } };
  }
  const name = kind === "audio" ? titles.find((title) => FILE.test(title)) : undefined;
  const facts = timed && (duration ?? name) !== undefined;
  return { clock, media: facts ? { name: name && short(name), duration: duration?.text } : undefined };
}

function fileName(drawn: Leaf[]): string | undefined {
  return drawn.find(({ text }) => FILE.test(text) && !CLOCK.test(text))?.text;
}
