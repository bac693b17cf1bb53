// Linking by phone number: the way there, the field, its button, and the characters for the phone.

import { Reading } from "./anchors";
import { around, inner, PRESSED } from "./element";
import { active, findAll } from "./page";
import { mentions, words } from "./profile";
import { centre } from "./schema";
import { plain } from "./text";

/** The characters to type on the phone; the attribute joins them by commas. */
export function linkCode(reading: Reading): string | undefined {
  const code = reading.attribute("screen.link_code")?.replaceAll(",", "");
  return code && /^\w{8}$/.test(code) ? code : undefined;
}

/** Where linking by phone number stands, and the points that lead on. */
export function phoneLogin() {
  const reading = new Reading();
  const field = reading.one("login.field");
  const next = reading.one("login.next");
  // By its words first: a way to help has the same name in some versions.
  const offer =
    findAll(PRESSED).findLast((element) => mentions(plain(inner(element)), words.phone_login)) ??
    reading.one("login.offer");
  let stage = "none";
  if (!reading.has("screen.main")) {
    if (linkCode(reading)) stage = "code";
    else if (field && reading.has("screen.phone_login")) stage = "form";
    else if (offer) stage = "offer";
  }
  return {
    stage,
    offer: centre(offer),
    field: centre(field),
    value: field instanceof HTMLInputElement ? field.value.slice(0, 100).toWellFormed() : "",
    focused: field !== null && active() === field,
    next: centre(next && (around(next, PRESSED) ?? next)),
    refused: reading.has("login.refused"),
  };
}
