// Which screen is shown: the code, the progress, the dialogs and banners, by structure first and words last.

import { generation, Reading } from "./anchors";
import { icon, icons } from "./icons";
import { body, find, findAll, language, visible } from "./page";
import { iconSet, mentions, words } from "./profile";
import { centre, type Dialog, NOWHERE, type Point, type Screen, type State } from "./schema";
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
    sync_percent: screen === "syncing" || onMain ? percent(reading, onMain) : undefined,
    own_title: onMain ? ownTitle(reading) : undefined,
    offline: onMain && offline(reading),
    dialog: onMain || screen === "unknown" ? dialogReport(reading) : undefined,
  };
}

function detect(reading: Reading): Screen {
  const page = body();
  if (page === null) return "blank";
  const conflict = sessionDialog(reading);
  if (conflict !== null) return conflict;
  if (reading.has("screen.loading")) return percent(reading, false) === undefined ? "startup" : "syncing";
  if (reading.has("screen.main")) return "main";
  if (reading.has("screen.phone_login")) return "phone_login";
  const place = qrPlace(reading);
  if (place !== null) return qrScreen(reading, place);
  return bySplashOrWords(page);
}

/** What has neither of the anchors: the served boot page, or a full screen that only words tell. */
function bySplashOrWords(page: Element): Screen {
  const app = find("#app");
  const splash = find("#wa_web_initial_startup");
  if (splash !== null) return "startup";
  const text = plain(page.textContent?.slice(0, 20_000) ?? "");
  if (/google chrome \d+\+/.test(text) || (app === null && mentions(text, words.unsupported))) return "unsupported";
  if (mentions(text, words.login)) return "qr_wait";
  if (mentions(text, words.blocked)) return "blocked";
  if (mentions(text, words.passkey)) return "passkey";
  if (mentions(text, words.offline)) return "offline";
  if (mentions(text, words.loggedOut)) return "logged_out";
  if (app === null || app.childElementCount === 0 || text === "") return "blank";
  if (app.querySelector("progress, [role=progressbar]") !== null) return "startup";
  return "unknown";
}

/** The popup that asks which window may go on: by its words, or by its two buttons on a page without main screen. */
function sessionDialog(reading: Reading): Screen | null {
  for (const dialog of dialogs(reading)) {
    const text = plain(dialog.textContent ?? "");
    if (mentions(text, words.dialogs.use_here ?? [])) return "another_session";
  }
  const confirm = reading.one("dialog.confirm");
  if (confirm === null || reading.has("screen.main") || reading.has("screen.qr_value")) return null;
  const two = reading.has("dialog.ok", confirm) && reading.has("dialog.cancel", confirm);
  return two ? "conflict" : null;
}

/** Dialogs, outermost only. */
function dialogs(reading: Reading): Element[] {
  const found = [...reading.all("dialog"), ...reading.all("dialog.confirm")];
  return found.filter(
    (dialog, index) =>
      found.indexOf(dialog) === index && !found.some((other) => other !== dialog && other.contains(dialog)),
  );
}

/** The box that holds the code, or would. */
function qrPlace(reading: Reading): Element | null {
  return reading.one("screen.qr") ?? reading.one("screen.qr_value");
}

function qrScreen(reading: Reading, place: Element): Screen {
  if (reloadButton(place) !== null || dimmed(place)) return "qr_idle";
  return code(reading) === undefined ? "qr_wait" : "qr";
}

/** The value as it stands; only the two known beginnings, because `undefined,...` is shown right after a scan. */
function code(reading: Reading): string | undefined {
  const value = reading.attribute("screen.qr_value");
  if (value === undefined || value.length > 2_000) return undefined;
  return value.startsWith("2@") || value.startsWith("https://wa.me/") ? value.toWellFormed() : undefined;
}

/** After the sixth code the canvas is dimmed to 0.04. */
function dimmed(place: Element): boolean {
  const canvas = place.tagName.toLowerCase() === "canvas" ? place : place.querySelector("canvas");
  if (canvas === null) return false;
  for (let node: Element | null = canvas; node !== null; node = node.parentElement) {
    const opacity = getComputedStyle(node).opacity;
    if (opacity !== "" && Number(opacity) < 0.3) return true;
    if (node === place) break;
  }
  return false;
}

/** The button that covers the dimmed code; it may lie beside the element with the code. */
function reloadButton(place: Element): Element | null {
  const inside = place.matches("button") ? place : place.querySelector("button, [role=button]");
  if (inside !== null) return inside;
  const names = iconSet("refresh");
  for (let box = place.parentElement, steps = 0; box !== null && steps < 3; box = box.parentElement, steps++) {
    const found = icons(box).find(({ names: all }) => all.some((name) => names.has(name)));
    const button = found?.element.closest("button, [role=button]");
    if (button) return button;
  }
  return null;
}

/** Point of the page's own reload button. */
export function qrReload(): Point {
  const reading = new Reading();
  const place = qrPlace(reading);
  if (place === null || reading.has("screen.main")) return { ...NOWHERE };
  return centre(reloadButton(place));
}

/** A percentage in the loading screen, or in a banner above the list while history arrives. */
function percent(reading: Reading, onMain: boolean): number | undefined {
  if (!onMain) {
    const screen = reading.one("screen.loading");
    const box = screen?.tagName.toLowerCase() === "progress" ? screen.parentElement : screen;
    return firstPercent(box?.textContent ?? "");
  }
  for (const banner of findAll("#side [data-testid^=chat-butterbar], #side [data-testid*=sync]").concat(
    reading.all("screen.banner"),
  )) {
    const value = firstPercent(banner.textContent ?? "");
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
  const title = row?.querySelector("span[title]")?.getAttribute("title");
  return title ? short(title) : undefined;
}

/** The banner that the computer has no connection. */
export function offline(reading: Reading): boolean {
  if (reading.has("screen.offline_banner")) return true;
  const side = find("#side");
  if (side === null) return false;
  if (icon(side, "offline") !== undefined) return true;
  return reading.all("screen.banner").some((banner) => mentions(plain(banner.textContent ?? ""), words.offline));
}

/** The topmost dialog, its name in the catalogue, and the one button that answers a known one. */
export function dialog(): Dialog {
  return dialogReport(new Reading()) ?? { present: false, x: 0, y: 0 };
}

function dialogReport(reading: Reading): Dialog | undefined {
  const top = dialogs(reading).at(-1);
  if (top === undefined) return undefined;
  const text = plain(top.textContent ?? "").slice(0, 500);
  const known = catalogued(reading, top, text);
  const point = known === undefined ? NOWHERE : centre(answer(reading, top));
  return {
    present: true,
    ...(known === undefined ? { text: short(text) } : { known }),
    x: point.x,
    y: point.y,
  };
}

function catalogued(reading: Reading, dialog: Element, text: string): string | undefined {
  if (reading.has("dialog.continue", dialog)) return "fresh_look";
  const entry = Object.entries(words.dialogs).find(([, list]) => mentions(text, list ?? []));
  return entry?.[0];
}

/** The primary button: the named one, or the only or last one. */
function answer(reading: Reading, dialog: Element): Element | null {
  const named = reading.one("dialog.continue", dialog) ?? dialog.querySelector("[data-testid=popup-controls-ok]");
  if (named !== null)
    return named.closest("button, [role=button]") ?? named.querySelector("button, [role=button]") ?? named;
  return [...dialog.querySelectorAll("button, [role=button]")].at(-1) ?? null;
}

/** Point of "Use here", when that popup is shown. */
export function useHere(): Point {
  const reading = new Reading();
  for (const candidate of dialogs(reading)) {
    if (!mentions(plain(candidate.textContent ?? ""), words.dialogs.use_here ?? [])) continue;
    const buttons = [...candidate.querySelectorAll("button, [role=button]")];
    const worded = buttons.filter((button) => mentions(plain(button.textContent ?? ""), words.dialogs.use_here ?? []));
    return centre(worded.at(-1) ?? answer(reading, candidate));
  }
  return { ...NOWHERE };
}
