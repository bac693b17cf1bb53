// The page's structure as HTML without anything that could be somebody's words: elements, names of attributes, and of
// values only those that markup is made of. A function; `known` are words of the markup that the reader knows.
(known, most) => {
  const NAMES = new Set(["data-testid", "data-icon", "class", "id"]);
  const PLAIN =
    /^(role|type|dir|contenteditable|draggable|tabindex|aria-(hidden|selected|expanded|haspopup|live|checked|pressed|modal|multiline|disabled|colindex)|data-(tab|virtualized|lexical-editor|lexical-text|scrolltracepolicy|animate-[a-z-]+))$/;
  const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "LINK", "META", "HEAD", "IFRAME", "PATH"]);
  const DEEPEST = 80;
  const ALIKE = 8;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const vocabulary = new Set(known);

  // Every word that a person may read, wherever it stands: no name in the markup that has one of them is told.
  const words = new Set();
  const learn = (text) => {
    for (const word of fold(text.slice(0, 100000)).split(/[^\p{L}\p{N}]+/u)) if (word.length >= 3) words.add(word);
  };
  const all = document.documentElement.querySelectorAll("*");
  for (const element of all) {
    if (SKIPPED.has(element.tagName.toUpperCase())) continue;
    const icon = element.localName === "title" && element.parentElement?.localName === "svg";
    if (!icon) for (const node of element.childNodes) if (node.nodeType === 3) learn(node.nodeValue);
    for (const { name, value } of element.attributes) if (!NAMES.has(name) && !PLAIN.test(name) && name !== "style") learn(value);
    if ("value" in element && typeof element.value === "string") learn(element.value);
  }
  const long = [...words].filter((word) => word.length >= 4);

  const parts = new Map();
  const judge = (part) => {
    const word = fold(part);
    if (vocabulary.has(word)) return part;
    if (/^\d+$/.test(word)) return "#";
    const told =
      /^[A-Za-z][A-Za-z0-9]{0,23}$/.test(part) &&
      !/\d{4}/.test(part) &&
      !/^[A-F0-9]{6,}$/.test(part) &&
      ![...words].some((other) => other === word || word.startsWith(other) || word.endsWith(other)) &&
      !(word.length >= 4 && long.some((other) => word.includes(other) || other.includes(word)));
    return told ? part : "?";
  };
  const once = (part) => {
    if (!parts.has(part)) parts.set(part, judge(part));
    return parts.get(part);
  };
  // What has digits is an atom of a style sheet or a key; the rest is words, apart or in humps.
  const name = (text) =>
    text
      .slice(0, 120)
      .replace(/[\p{L}\p{M}\p{N}]+/gu, (run) => (/\p{N}/u.test(run) ? once(run) : run.replace(/\p{Lu}?[^\p{Lu}]+|\p{Lu}+/gu, once)))
      .replace(/[^A-Za-z0-9 ?#_.:-]/g, "?");
  const value = (attribute, text) => {
    if (NAMES.has(attribute)) return name(text);
    if (!PLAIN.test(attribute)) return "";
    return /^-?\d{1,2}$/.test(text) ? text : name(text);
  };

  let elements = 0;
  let size = 0;
  let cut = false;
  const out = [];
  const say = (text) => {
    size += text.length;
    out.push(text);
  };
  const shape = (element) => `${element.tagName} ${element.getAttribute("role") ?? ""} ${element.childElementCount}`;
  const walk = (element, depth) => {
    const upper = element.tagName.toUpperCase();
    if (SKIPPED.has(upper)) return;
    if (depth > DEEPEST || size > most) {
      cut = true;
      return;
    }
    elements += 1;
    const tag = /^[A-Z][A-Z0-9]{0,15}$/.test(upper) && !(element instanceof HTMLUnknownElement) ? upper.toLowerCase() : "x";
    const told = [...element.attributes]
      .slice(0, 40)
      .map(({ name: attribute, value: text }) => [/^[a-z][a-z0-9-]*$/.test(attribute) ? name(attribute) : "?", value(attribute, text)])
      .filter(([attribute]) => !/[?#]/.test(attribute))
      .map(([attribute, text]) => ` ${attribute}="${text}"`);
    say(`<${tag}${told.join("")}>`);
    if (upper === "TITLE" && element.parentElement?.localName === "svg") say(name(element.textContent ?? ""));
    else if ([...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim() !== "")) say("…");
    let alike = 0;
    let before = "";
    for (const child of element.children) {
      const now = shape(child);
      alike = now === before ? alike + 1 : 0;
      before = now;
      if (alike >= ALIKE) {
        cut = true;
        continue;
      }
      walk(child, depth + 1);
    }
    say(`</${tag}>`);
  };
  walk(document.documentElement, 0);
  return JSON.stringify({ html: out.join(""), elements, cut });
}
