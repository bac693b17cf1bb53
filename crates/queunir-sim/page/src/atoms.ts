// Style atoms: one freshly invented class name per declaration and boot, so that nobody can lean on a class name.

const sheet = new CSSStyleSheet();
const names = new Map<string, string>();
const taken = new Set<string>();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

function freshName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(7));
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  const name = `x${Array.from(bytes, (byte) => letters[byte % letters.length]).join("")}`;
  if (taken.has(name)) return freshName();
  taken.add(name);
  return name;
}

/** Turns declarations into class names; `state` is a selector suffix such as `:hover`. */
export function css(declarations: string, state = ""): string {
  return declarations
    .split(/;(?![^(]*\))/)
    .map((declaration) => declaration.trim())
    .filter((declaration) => declaration !== "")
    .map((declaration) => atom(declaration, state))
    .join(" ");
}

function atom(declaration: string, state: string): string {
  const id = `${state}|${declaration}`;
  const known = names.get(id);
  if (known) return known;
  const name = freshName();
  names.set(id, name);
  sheet.insertRule(`.${name}${state} { ${declaration} }`, sheet.cssRules.length);
  return name;
}

/** Out of sight for the eye, present for a screen reader. */
export const hidden = css(
  "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap",
);

export const column = css("display: flex; flex-direction: column");
export const row = css("display: flex; align-items: center");
export const ellipsis = css("overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0");
