// Which markup the page wears: today's, the one before, or one that nobody has seen, made from a seed.

/** The marks of a generation; everything else is drawn alike. */
interface Dress {
  name: "g3" | "g2" | "unknown";
  /** Test ids are in the document. */
  testids: boolean;
  /** Another name for a drawing. */
  icon(name: string): string;
  /** Drawings are a span with `data-icon`, not a bare svg with a title. */
  spans: boolean;
  /** One element more around cells and bubbles. */
  wrapped: boolean;
  /** Attributes that are not there. */
  dropped: ReadonlySet<string>;
}

/** The older names of drawings that have one; all others keep theirs. */
const OLDER: Record<string, string> = {
  "wds-ic-status-pending": "msg-time",
  "ic-schedule": "status-time",
  "wds-ic-delivered": "msg-check",
  "wds-ic-read": "msg-dblcheck",
  "wds-ic-read-ack": "msg-dblcheck-ack",
  "ic-push-pin": "pinned2",
  "ic-notifications-off": "muted",
  "ic-search": "search",
  "ic-close": "x",
  "ic-archive": "archived",
  "ic-mic": "ptt",
  "ic-image": "status-image",
  "ic-videocam-filled": "status-video",
  "ic-headphones": "status-audio",
  "ic-description": "status-document",
  "ic-gif": "status-gif",
  "ic-play-arrow-filled": "audio-play",
  "wds-ic-send-filled": "send",
  "plus-rounded": "plus",
  "default-contact-refreshed": "default-user",
  "default-group-refreshed": "default-group",
  "forward-refreshed": "forwarded",
  "ic-refresh": "refresh-large",
  "ic-mood": "react",
  "pin-refreshed": "pinned-small",
  "web-ic-check": "checkmark-medium",
};

const NONE: ReadonlySet<string> = new Set();
/** What both new generations draw with one name for two states. */
const plain = (name: string): string => name.replace(/^wds-ic-read-ack$/, "wds-ic-read");

const G3: Dress = { name: "g3", testids: true, icon: plain, spans: false, wrapped: false, dropped: NONE };
const G2: Dress = {
  name: "g2",
  testids: false,
  icon: (name) => OLDER[name] ?? name,
  spans: true,
  wrapped: false,
  dropped: NONE,
};

/** Attributes that an unknown generation may lose; what serves copying, keyboard and screen readers stays. */
const MAY_GO = [
  "data-scrolltracepolicy",
  "data-virtualized",
  "aria-rowcount",
  "data-animate-modal-popup",
  "data-animate-modal-body",
];

let worn: Dress = G3;
let chosen = false;

/** Puts a generation on, once per document: a page that is open keeps what it wears. */
export function wear(generation: string): void {
  if (chosen) return;
  chosen = true;
  const seed = /^unknown:(\d+)$/.exec(generation)?.[1];
  worn = seed === undefined ? (generation === "g2" ? G2 : G3) : unknown(Number(seed));
}

/** What is worn now. */
export function dress(): Readonly<Dress> {
  return worn;
}

/** The attribute as this generation writes it, or `null` when it has none of that name. */
export function keepsAttribute(name: string): boolean {
  if (name === "data-testid") return worn.testids;
  return !worn.dropped.has(name);
}

function unknown(seed: number): Dress {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const chance = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const salt = Math.floor(chance() * 1e9);
  const dropped = new Set(MAY_GO.filter(() => chance() < 0.5));
  const icon = (name: string): string => `sym-${hash(`${salt} ${plain(name)}`)}`;
  return { name: "unknown", testids: false, icon, spans: chance() < 0.5, wrapped: true, dropped };
}

function hash(text: string): string {
  let sum = 2166136261;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 16777619);
  return (sum >>> 0).toString(36);
}
