// A tiny way to write trees: `h` makes a node, `morph` turns an old tree into a new one and keeps its nodes.

import { keepsAttribute } from "./generation.ts";

export type Child = Node | string | null | undefined | false | Child[];
export type Attributes = Record<string, string | number | boolean | null | undefined>;
type Handler = (event: Event) => void;
export type Handlers = Record<string, Handler>;

const handlers = new WeakMap<Node, Map<string, Handler | null>>();
const opaque = new WeakSet<Node>();
const FRAME_MS = 16;
const SVG = "http://www.w3.org/2000/svg";

/** Makes an element; a `false` or `null` attribute is left out. */
export function h(tag: string, attributes: Attributes = {}, children: Child = null, on: Handlers = {}): HTMLElement {
  return fill(document.createElement(tag), attributes, children, on) as HTMLElement;
}

/** Makes an element of an svg drawing. */
export function s(tag: string, attributes: Attributes = {}, children: Child = null): SVGElement {
  return fill(document.createElementNS(SVG, tag), attributes, children, {}) as SVGElement;
}

/** Children of this node belong to somebody else (the editor, a canvas): `morph` leaves them alone. */
export function keepInside<T extends Node>(node: T): T {
  opaque.add(node);
  return node;
}

function fill(node: Element, attributes: Attributes, children: Child, on: Handlers): Element {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false || !keepsAttribute(name)) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  for (const [type, handler] of Object.entries(on)) listen(node, type, handler);
  return node;
}

function append(node: Element, child: Child): void {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) for (const one of child) append(node, one);
  else node.append(child);
}

function listen(node: Node, type: string, handler: Handler): void {
  const own = handlers.get(node) ?? new Map<string, Handler | null>();
  handlers.set(node, own);
  if (!own.has(type)) node.addEventListener(type, (event) => handlers.get(node)?.get(type)?.(event));
  own.set(type, handler);
}

/** Makes `current` equal to `next` with as few changes as a careful renderer would make; returns the node that is in place. */
export function morph(current: Node, next: Node): Node {
  if (current.nodeType !== next.nodeType || current.nodeName !== next.nodeName) {
    (current as ChildNode).replaceWith(next);
    return next;
  }
  if (current instanceof Text && next instanceof Text) {
    if (current.data !== next.data) current.data = next.data;
    return current;
  }
  if (!(current instanceof Element) || !(next instanceof Element)) return current;
  const wasTicked = current.hasAttribute("checked");
  for (const { name } of Array.from(current.attributes)) if (!next.hasAttribute(name)) current.removeAttribute(name);
  for (const { name, value } of Array.from(next.attributes)) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
  // A box that was once ticked by hand no longer follows its attribute.
  const isTicked = next.hasAttribute("checked");
  if (current instanceof HTMLInputElement && wasTicked !== isTicked) current.checked = isTicked;
  const own = handlers.get(current);
  for (const type of own?.keys() ?? []) own?.set(type, null);
  for (const [type, handler] of handlers.get(next) ?? []) if (handler) listen(current, type, handler);
  if (opaque.has(current)) return current;
  morphChildren(current, next);
  return current;
}

function morphChildren(current: Element, next: Element): void {
  const wanted = Array.from(next.childNodes);
  const present = Array.from(current.childNodes);
  wanted.forEach((node, index) => {
    const old = present[index];
    if (old) morph(old, node);
    else current.append(node);
  });
  for (const old of present.slice(wanted.length)) old.remove();
}

const stamps = new WeakMap<Element, string>();

/** Draws the children of `holder` again only when `stamp` changed, so that nothing flickers under a pointer. */
export function put(holder: Element, stamp: string, draw: () => Node[]): void {
  if (stamps.get(holder) === stamp) return;
  stamps.set(holder, stamp);
  holder.replaceChildren(...draw());
}

/** Runs `act` once for any number of calls within a frame. */
export function batched(act: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      act();
    }, FRAME_MS);
  };
}

/** A stable number from 0 to 99 for a text, to give a fixed share of rows a quirk. */
export function percentOf(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100;
}
