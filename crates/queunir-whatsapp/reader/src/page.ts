// The document, reached in ways that elements with clever names cannot shadow.

const query = Document.prototype.querySelector;
const queryAll = Document.prototype.querySelectorAll;

function own<T>(property: string, fallback: T): T {
  for (let owner: object | null = Document.prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const getter = Object.getOwnPropertyDescriptor(owner, property)?.get;
    if (getter !== undefined) return getter.call(document) as T;
  }
  return fallback;
}

/** First element of the document that matches; a selector that cannot be read matches nothing. */
export function find(selector: string): Element | null {
  try {
    return query.call(document, selector);
  } catch {
    return null;
  }
}

/** All elements of the document that match. */
export function findAll(selector: string): Element[] {
  try {
    return [...queryAll.call(document, selector)];
  } catch {
    return [];
  }
}

export function root(): Element | null {
  return own<Element | null>("documentElement", null);
}

export function body(): Element | null {
  return own<Element | null>("body", null);
}

export function active(): Element | null {
  return own<Element | null>("activeElement", null);
}

/** The page stops drawing rows when this is false. */
export function visible(): boolean {
  return own<string>("visibilityState", "hidden") === "visible";
}

export function language(): string | undefined {
  return root()?.getAttribute("lang")?.slice(0, 40) || undefined;
}

export function rightToLeft(): boolean {
  return root()?.getAttribute("dir") === "rtl";
}
