// Short ways to ask an element; where something is not there the answer is empty and never an error.

export type Accept = (element: Element) => boolean;

/** An attribute's value. */
export function attr(element: Element | null | undefined, name: string): string {
  return element?.getAttribute(name) ?? "";
}

/** The first match below an element. */
export function first(scope: Element | null | undefined, selector: string): Element | null {
  return scope?.querySelector(selector) ?? null;
}

/** All matches below an element. */
export function every(scope: Element, selector: string): Element[] {
  return [...scope.querySelectorAll(selector)];
}

/** The nearest match that holds an element, or is it. */
export function around(element: Element, selector: string): Element | null {
  return element.closest(selector);
}

/** Whether a box holds an element, or is it. */
export function holds(box: Element | null | undefined, element: Element | null | undefined): boolean {
  return box?.contains(element ?? null) === true;
}

/** The text inside, as it stands. */
export function inner(element: Element | null | undefined): string {
  return element?.textContent ?? "";
}

/** The tag's name, in upper case. */
export function tag(element: Element): string {
  return element.tagName.toUpperCase();
}

/** The nearest ancestor that scrolls, else the element itself. */
export function scroller(start: Element | null): Element | null {
  for (let node = start; node && node.id !== "main"; node = node.parentElement)
    if (/auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
  return start;
}

/** The box on the screen, in viewport coordinates. */
export function area(element: Element): DOMRect {
  return element.getBoundingClientRect();
}

/** What can be made of a value, if there is one. */
export function maybe<T, R>(value: T | null | undefined, make: (value: T) => R): R | undefined {
  return value === null || value === undefined ? undefined : make(value);
}

/** Whatever a person can press. */
export const PRESSED = "button, [role=button]";
/** The second generation's bubbles. */
export const MARKED = ".message-in, .message-out";
