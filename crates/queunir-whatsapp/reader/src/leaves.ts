// The words of a bubble apart from its body, each with the element that holds it.

import { type Accept, around } from "./element";
import { clean } from "./text";

export interface Leaf {
  element: Element;
  text: string;
}

/** A clock somewhere in a short text. */
export const CLOCK = /\d{1,2}[:.]\d{2}/;

/** Short texts of elements that hold text themselves, in order; what is hidden from people is left out. */
export function leaves(scope: Element, accept: Accept): Leaf[] {
  const found: Leaf[] = [];
  for (const element of [scope, ...scope.querySelectorAll("*")]) {
    if (found.length >= 60) break;
    let own = "";
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) own += node.nodeValue;
    const text = own.length < 400 ? clean(own) : "";
    if (text === "" || around(element, "svg, style, script, [aria-hidden=true]") || !accept(element)) continue;
    found.push({ element, text });
  }
  return found;
}
