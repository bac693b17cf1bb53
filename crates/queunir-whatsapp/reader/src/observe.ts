// Pushes what changed, soon but not often: changes are gathered, read once, and sent only when their content differs.

import { add, blank, Reading, type Report } from "./anchors";
import { conversation } from "./conversation";
import { around } from "./element";
import { list } from "./list";
import { Memory } from "./memory";
import { visible } from "./page";
import { state } from "./screen";
import { hash } from "./text";

type Kind = "state" | "list" | "conversation" | "health";

/** Wait after a change, so that one drawing of the page is one read. */
const SETTLE = 30;
/** Least time between two pushes of a kind. */
const GAP: Record<Exclude<Kind, "health">, number> = {
  state: 30,
  list: 100,
  conversation: 100,
};
/** Everything is read again now and then: computed colours change without a mutation. */
const SAFETY = 5_000;
const WAIT_FOR_BINDING = 200;

interface Slot {
  kind: Exclude<Kind, "health">;
  dirty: boolean;
  last: number;
  hash: string;
}

const slots: Slot[] = (["state", "list", "conversation"] as const).map((kind) => ({
  kind,
  dirty: true,
  last: -1_000,
  hash: "",
}));
const memory = new Memory();
const reports: {
  list?: Report | undefined;
  conversation?: Report | undefined;
} = {};
let healthHash = "";
let timer: ReturnType<typeof setTimeout> | undefined;
let due = 0;

function binding(): ((text: string) => void) | undefined {
  const found = (globalThis as { qnObserve?: unknown }).qnObserve;
  return typeof found === "function" ? (found as (text: string) => void) : undefined;
}

/** Both reads in one report: a list that was read well does not hide a conversation that was not. */
function health(): Report {
  const parts = [reports.list, reports.conversation].filter((part) => part !== undefined);
  return parts.reduce(add, blank(parts[0]?.generation ?? "unknown"));
}

/** One read of a kind without its health; nothing when there is nothing to say. Only rows that changed are read anew. */
function read(kind: Slot["kind"]): object | undefined {
  if (kind === "state") return state();
  const reading = new Reading(memory);
  if (kind === "list") {
    const { health: report, ...seen } = list(reading);
    reports.list = report;
    return seen.present ? seen : undefined;
  }
  if (!visible()) return undefined;
  const { health: report, ...seen } = conversation(reading) ?? { open: false };
  reports.conversation = report;
  return seen.open ? seen : undefined;
}

/** An unknown screen that lasts less than this is the page between two screens, and is not told. */
const DOUBT = 1_500;
let doubtSince: number | undefined;

/** Whether an unknown screen is still too new to be told. */
function doubtful(seen: object): boolean {
  if ((seen as { screen?: string }).screen !== "unknown") {
    doubtSince = undefined;
    return false;
  }
  doubtSince ??= performance.now();
  return performance.now() - doubtSince < DOUBT;
}

function push(slot: Slot, send: (text: string) => void): void {
  const seen = read(slot.kind);
  if (slot.kind === "state" && seen !== undefined && doubtful(seen)) {
    slot.dirty = true;
    return;
  }
  if (seen === undefined) {
    slot.hash = "";
    return;
  }
  const text = JSON.stringify(seen);
  // Every look has another number; that alone is no news.
  const found = hash(text.replace(/"look":\d+/, ""));
  if (found === slot.hash) return;
  send(text);
  slot.hash = found;
}

function pushHealth(send: (text: string) => void): void {
  const text = JSON.stringify({ v: 1, kind: "health", health: health() });
  const found = hash(text);
  if (found === healthHash || (reports.list === undefined && reports.conversation === undefined)) return;
  send(text);
  healthHash = found;
}

function flush(): void {
  timer = undefined;
  const send = binding();
  if (send === undefined) {
    wake(WAIT_FOR_BINDING);
    return;
  }
  const now = performance.now();
  let next: number | undefined;
  for (const slot of slots) {
    if (!slot.dirty) continue;
    const wait = slot.last + GAP[slot.kind] - now;
    if (wait > 0) {
      next = Math.min(next ?? wait, wait);
      continue;
    }
    slot.dirty = false;
    slot.last = now;
    try {
      push(slot, send);
    } catch {
      // A page in the middle of a change may defeat a read; the safety read comes.
      slot.hash = "";
    }
  }
  try {
    pushHealth(send);
  } catch {
    healthHash = "";
  }
  if (doubtSince !== undefined) next = Math.min(next ?? DOUBT, DOUBT / 5);
  if (next !== undefined) wake(next);
}

/** Sees to a flush within `ms`. */
function wake(ms: number): void {
  const at = performance.now() + ms;
  if (timer !== undefined && due <= at) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(flush, ms);
}

function mark(...kinds: Slot["kind"][]): void {
  for (const slot of slots) if (kinds.includes(slot.kind)) slot.dirty = true;
  wake(SETTLE);
}

/** Everything is read, and nothing from memory. */
function markAll(): void {
  memory.forget();
  mark("state", "list", "conversation");
}

/** Which reads a batch of mutations concerns, and which rows of them. */
function onMutations(records: MutationRecord[]): void {
  if (records.length > 200) {
    markAll();
    return;
  }
  const kinds = new Set<Slot["kind"]>();
  for (const { target, attributeName } of records) {
    const element = target instanceof Element ? target : target.parentElement;
    if (!element) {
      markAll();
      return;
    }
    // The title counts what is unread.
    if (around(element, "head")) continue;
    memory.touched(element, attributeName);
    if (around(element, "#pane-side")) kinds.add("list");
    else if (around(element, "#main")) kinds.add("conversation");
    else for (const { kind } of slots) kinds.add(kind);
  }
  // State belongs to the rest of the page, but the chat with oneself and the open chat are parts of it.
  if (kinds.size > 0) mark(...kinds);
}

/** Everything is read again, because what it is read by has changed. */
export function readAgain(): void {
  reports.list = undefined;
  reports.conversation = undefined;
  for (const slot of slots) slot.hash = "";
  markAll();
}

/** Starts watching this document. */
export function observe(): void {
  new MutationObserver(onMutations).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
  const moved = () => mark("list", "conversation");
  for (const event of ["scroll", "input"]) document.addEventListener(event, moved, { capture: true, passive: true });
  // A colour on its way is not the colour.
  document.addEventListener("transitionend", ({ target }) => {
    if (target instanceof Element) memory.touched(target);
    moved();
  });
  addEventListener("resize", markAll);
  document.addEventListener("visibilitychange", markAll);
  document.addEventListener("readystatechange", markAll);
  setInterval(markAll, SAFETY);
  markAll();
}
