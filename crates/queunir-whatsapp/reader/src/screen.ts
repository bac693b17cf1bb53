// Which screen is shown: the code, the progress, the dialogs and banners, by structure first and words last.

import { generation, Reading } from "./anchors";
import { around, attr, every, first, holds, inner, PRESSED, tag } from "./element";
import { hasIcon, icon } from "./icons";
import { linkCode } from "./login";
import { body, find, findAll, language, visible } from "./page";
import { mentions, words } from "./profile";
import { centre, type Dialog, type Point, type Screen, type State } from "./schema";
import { plain, short } from "./text";

/** The state of the page, fresh. */
export function state(): State {
  const reading = new Reading();
  const screen = detect(reading);
  const onMain = screen === "main";
  return {
    v: 1,
    kind: "state",
    visible: visible(),
    generation: generation(),
    lang: language(),
    screen,
    qr: screen === "qr" ? code(reading) : undefined,
    link_code: screen === "phone_login" ? linkCode(reading) : undefined,
    sync_percent: screen === "syncing" || onMain ? percent(reading, onMain) : undefined,
    own_title: onMain ? ownTitle(reading) : undefined,
    offline: onMain && offline(reading),
    dialog: onMain || screen === "unknown" ? dialogReport(reading) : undefined,
  };
}

function detect(reading: Reading): Screen {
  const page = body();
  if (!page) return "blank";
  const conflict = sessionDialog(reading);
  if (conflict) return conflict;
  if (reading.has("screen.loading")) return percent(reading, false) === undefined ? "startup" : "syncing";
  if (reading.has("screen.main")) return "main";
  if (reading.has("screen.phone_login")) return "phone_login";
  const place = qrPlace(reading);
  if (place) return qrScreen(reading, place);
  return bySplashOrWords(page);
}

/** What has neither of the anchors: the served boot page, or a full screen that only words tell. */
function bySplashOrWords(page: Element): Screen {
  const app = find("#app");
  if (find("#wa_web_initial_startup")) return "startup";
  const text = plain(inner(page).slice(0, 20_000));
  if (/google chrome \d+\+/.test(text) || (!app && mentions(text, words.unsupported))) return "unsupported";
  const screens = [
    ["phone_login", words.phone_code],
    ["qr_wait", words.login],
    ["blocked", words.blocked],
    ["passkey", words.passkey],
    ["offline", words.offline],
    ["logged_out", words.logged_out],
  ] as const;
  for (const [screen, list] of screens) if (mentions(text, list)) return screen;
  if (!app || app.childElementCount === 0 || text === "") return "blank";
  if (first(app, "progress, [role=progressbar]")) return "startup";
  return "unknown";
}

/** The popup that asks which window may go on: by its words, or by its two buttons on a page without main screen. */
function sessionDialog(reading: Reading): Screen | null {
  if (dialogs(reading).some(asksForUse)) return "another_session";
  const confirm = reading.one("dialog.confirm");
  if (!confirm || reading.has("screen.main") || reading.has("screen.qr_value")) return null;
  const two = reading.has("dialog.ok", confirm) && reading.has("dialog.cancel", confirm);
  return two ? "conflict" : null;
}

function asksForUse(element: Element): boolean {
  return mentions(plain(inner(element)), words.dialogs.use_here ?? []);
}

/** Dialogs, outermost only. */
function dialogs(reading: Reading): Element[] {
  const found = [...new Set([...reading.all("dialog"), ...reading.all("dialog.confirm")])];
  return found.filter((dialog) => !found.some((other) => other !== dialog && holds(other, dialog)));
}

/** The box that holds the code, or would. */
function qrPlace(reading: Reading): Element | null {
  return reading.one("screen.qr") ?? reading.one("screen.qr_value");
}

function qrScreen(reading: Reading, place: Element): Screen {
  if (reloadButton(place) || dimmed(place)) return "qr_idle";
  return code(reading) ? "qr" : "qr_wait";
}

/** The value as it stands; only the two known beginnings, because `undefined,...` is shown right after a scan. */
function code(reading: Reading): string | undefined {
  const value = reading.attribute("screen.qr_value");
  return value && value.length <= 2_000 && /^(2@|https:\/\/wa\.me\/)/.test(value) ? value.toWellFormed() : undefined;
}

/** After the sixth code the canvas is dimmed to 0.04. */
function dimmed(place: Element): boolean {
  const canvas = tag(place) === "CANVAS" ? place : first(place, "canvas");
  for (let node: Element | null = canvas; node; node = node.parentElement) {
    const opacity = getComputedStyle(node).opacity;
    if (opacity !== "" && Number(opacity) < 0.3) return true;
    if (node === place) break;
  }
  return false;
}

/** The button that covers the dimmed code; it may lie beside the element with the code. */
function reloadButton(place: Element): Element | null {
  const inside = place.matches("button") ? place : first(place, PRESSED);
  if (inside) return inside;
  for (let box = place.parentElement, steps = 0; box && steps < 3; box = box.parentElement, steps++) {
    const button = icon(box, "refresh")?.element.closest(PRESSED);
    if (button) return button;
  }
  return null;
}

/** Point of the page's own reload button. */
export function qrReload(): Point {
  const reading = new Reading();
  const place = qrPlace(reading);
  return centre(place && !reading.has("screen.main") ? reloadButton(place) : null);
}

/** A percentage in the loading screen, or in a banner above the list while history arrives. */
function percent(reading: Reading, onMain: boolean): number | undefined {
  if (!onMain) {
    const screen = reading.one("screen.loading");
    const box = screen && tag(screen) === "PROGRESS" ? screen.parentElement : screen;
    return firstPercent(inner(box));
  }
  for (const banner of findAll("#side [data-testid^=chat-butterbar], #side [data-testid*=sync]").concat(
    reading.all("screen.banner"),
  )) {
    const value = firstPercent(inner(banner));
    if (value !== undefined) return value;
  }
  return undefined;
}

function firstPercent(text: string): number | undefined {
  const match = /(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(text.slice(0, 5_000));
  const value = Number(match?.[1] ?? match?.[2] ?? Number.NaN);
  return value >= 0 && value <= 100 ? value : undefined;
}

/** Title of the chat with oneself, which may be the account's number. */
function ownTitle(reading: Reading): string | undefined {
  const row = reading.one("list.yourself");
  return short(attr(first(row, "span[title]"), "title")) || undefined;
}

/** The banner that the computer has no connection. */
export function offline(reading: Reading): boolean {
  if (reading.has("screen.offline_banner")) return true;
  const side = find("#side");
  if (!side) return false;
  const rows = reading.one("list.grid", reading.one("list.pane"));
  if (apartFrom(rows, side).some((part) => hasIcon(part, "offline"))) return true;
  return reading.all("screen.banner").some((banner) => mentions(plain(inner(banner)), words.offline));
}

/** What a box holds besides one part of it. */
function apartFrom(part: Element | null, box: Element): Element[] {
  if (!part || !holds(box, part)) return [box];
  const found: Element[] = [];
  for (let node: Element | null = part; node && node !== box; node = node.parentElement)
    found.push(...[...(node.parentElement?.children ?? [])].filter((beside) => beside !== node));
  return found;
}

/** The topmost dialog, its name in the catalogue, and the one button that answers a known one. */
export function dialog(): Dialog {
  return dialogReport(new Reading()) ?? { present: false, x: 0, y: 0 };
}

function dialogReport(reading: Reading): Dialog | undefined {
  const top = dialogs(reading).at(-1);
  if (!top) return undefined;
  const text = plain(inner(top)).slice(0, 500);
  const known = catalogued(reading, top, text);
  const { x, y } = centre(known ? answer(reading, top) : null);
  return { present: true, ...(known ? { known } : { text: short(text) }), x, y };
}

function catalogued(reading: Reading, dialog: Element, text: string): string | undefined {
  if (reading.has("dialog.continue", dialog)) return "fresh_look";
  const entry = Object.entries(words.dialogs).find(([, list]) => mentions(text, list ?? []));
  return entry?.[0];
}

/** The primary button: the named one, or the only or last one. */
function answer(reading: Reading, dialog: Element): Element | null {
  const named = reading.one("dialog.continue", dialog) ?? first(dialog, "[data-testid=popup-controls-ok]");
  if (named) return around(named, PRESSED) ?? first(named, PRESSED) ?? named;
  return every(dialog, PRESSED).at(-1) ?? null;
}

/** Point of "Use here", when that popup is shown. */
export function useHere(): Point {
  const reading = new Reading();
  for (const candidate of dialogs(reading)) {
    if (asksForUse(candidate))
      return centre(every(candidate, PRESSED).findLast(asksForUse) ?? answer(reading, candidate));
  }
  return centre(null);
}
