// The search field: a real input that believes only a person's typing.
import { css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { faulty } from "../fault.ts";
import { dress } from "../generation.ts";
import { drawing } from "../icons.ts";

const DEBOUNCE_MS = 300;

const box = `${row} ${css("margin: 0 20px 8px; height: 40px; border-radius: 20px; background: #f6f5f4; padding: 0 14px; gap: 12px; color: rgba(0, 0, 0, 0.6); flex-shrink: 0")}`;
const field = css(
  "flex: 1 1 0; border: 0; outline: none; background: transparent; font: inherit; font-size: 15px; color: #0a0a0a",
);

/** The field and its clear button; `search` gets the text a moment after typing stopped. */
export function searchBox(label: string, search: (text: string) => void): { node: HTMLElement } {
  let timer = 0;
  let believed = "";
  const old = dress().name === "g2";
  const attributes = { role: "textbox", "data-tab": 3, "aria-label": label, class: field };
  const input = old
    ? h("div", { ...attributes, contenteditable: "true", title: label })
    : h("input", { ...attributes, type: "text", placeholder: label, autocomplete: "off" });
  const typed = (): string => (input instanceof HTMLInputElement ? input.value : (input.textContent ?? ""));
  const clear = h("button", { type: "button", "aria-label": "Clear", class: css("display: flex") }, [
    drawing("ic-close", 18),
  ]);

  const believe = (text: string): void => {
    believed = text;
    clear.style.display = text ? "flex" : "none";
    window.clearTimeout(timer);
    timer = window.setTimeout(() => search(believed.trim()), DEBOUNCE_MS);
  };
  const empty = (): void => {
    if (input instanceof HTMLInputElement) input.value = "";
    else input.replaceChildren();
    believe("");
  };
  input.addEventListener("input", (event) => {
    if (event.isTrusted || faulty("4-value-believed")) believe(typed());
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && old) event.preventDefault();
    if (event.key !== "Escape" || !believed) return;
    event.stopPropagation();
    empty();
  });
  clear.addEventListener("click", empty);
  clear.style.display = "none";
  return {
    node: h("div", { "data-testid": "chat-list-search-container", class: box }, [
      drawing("ic-search", 20),
      input,
      clear,
    ]),
  };
}
