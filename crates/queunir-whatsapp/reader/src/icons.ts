// Icons by name: `data-icon`, `data-testid` and the svg's title, all three, because waves of renaming left all in use.

import { iconSet, knownIcon } from "./profile";

export interface Icon {
  element: Element;
  names: string[];
}

/** All icons below an element, with their names. */
export function icons(scope: Element): Icon[] {
  const found: Icon[] = [];
  for (const element of scope.querySelectorAll(
    "[data-icon], svg > title, svg[data-testid], span[data-testid], div[data-testid]",
  )) {
    const names = namesOf(element);
    if (names.length > 0)
      found.push({
        element: element.tagName.toLowerCase() === "title" ? (element.parentElement ?? element) : element,
        names,
      });
  }
  return found;
}

function namesOf(element: Element): string[] {
  if (element.tagName.toLowerCase() === "title") {
    const title = element.textContent?.trim() ?? "";
    return title === "" || title.length > 80 ? [] : [knownIcon(title)];
  }
  const names = [element.getAttribute("data-icon"), element.getAttribute("data-testid")];
  return names.filter((name): name is string => name !== null && name !== "" && name.length <= 80).map(knownIcon);
}

/** First icon whose name is in one of the sets. */
export function icon(
  scope: Element,
  set: string,
  accept: (element: Element) => boolean = () => true,
): Icon | undefined {
  const names = iconSet(set);
  return icons(scope).find((found) => found.names.some((name) => names.has(name)) && accept(found.element));
}

/** The icon's names in the set, in one text. */
export function iconText(found: Icon, set: string): string {
  const names = iconSet(set);
  return found.names.filter((name) => names.has(name)).join(" ");
}

/** Computed colours of an icon: its own, its drawing's and its paths'. */
export function colours(element: Element): string[] {
  const svg = element.tagName.toLowerCase() === "svg" ? element : element.querySelector("svg");
  const path = svg?.querySelector("path");
  const found = new Set<string>();
  for (const part of [element, svg, path]) {
    if (!part) continue;
    const style = getComputedStyle(part);
    if (style.color) found.add(style.color);
    if (part === path && style.fill) found.add(style.fill);
  }
  return [...found].slice(0, 6).map((colour) => colour.slice(0, 80));
}
