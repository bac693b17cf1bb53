// Icons by name: `data-icon`, `data-testid` and the svg's title, all three, because waves of renaming left all in use.

import { type Accept, attr, every, first, inner, tag } from "./element";
import { iconSet, knownIcon } from "./profile";

export interface Icon {
  element: Element;
  names: string[];
}

/** All icons below an element, with their names. */
export function icons(scope: Element): Icon[] {
  let found = known.get(scope);
  if (!found) {
    found = every(scope, "[data-icon], svg > title, svg[data-testid], span[data-testid], div[data-testid]")
      .map((element) => ({
        element: tag(element) === "TITLE" ? (element.parentElement ?? element) : element,
        names: namesOf(element),
      }))
      .filter(({ names }) => names.length > 0);
    known.set(scope, found);
  }
  return found;
}

let known = new WeakMap<Element, Icon[]>();

/** Looks anew from now on: what was found belongs to one read of a page that stands still meanwhile. */
export function forgetIcons(): void {
  known = new WeakMap();
}

function namesOf(element: Element): string[] {
  const names =
    tag(element) === "TITLE" ? [inner(element).trim()] : [attr(element, "data-icon"), attr(element, "data-testid")];
  return names.filter((name) => name !== "" && name.length <= 80).map(knownIcon);
}

/** First icon whose name is in one of the sets. */
export function icon(scope: Element, set: string, accept: Accept = () => true): Icon | undefined {
  const names = iconSet(set);
  return icons(scope).find((found) => found.names.some((name) => names.has(name)) && accept(found.element));
}

/** Whether there is such an icon. */
export function hasIcon(scope: Element, set: string, accept?: Accept): boolean {
  return icon(scope, set, accept) !== undefined;
}

/** The icon's names in the set, in one text. */
export function iconText(found: Icon, set: string): string {
  const names = iconSet(set);
  return found.names.filter((name) => names.has(name)).join(" ");
}

/** Computed colours of an icon: its own, its drawing's and its paths'. */
export function colours(element: Element): string[] {
  const svg = tag(element) === "SVG" ? element : first(element, "svg");
  const path = first(svg, "path");
  const found = new Set<string>();
  for (const part of [element, svg, path]) {
    if (!part) continue;
    const style = getComputedStyle(part);
    if (style.color) found.add(style.color);
    if (part === path && style.fill) found.add(style.fill);
  }
  return [...found].slice(0, 6).map((colour) => colour.slice(0, 80));
}
