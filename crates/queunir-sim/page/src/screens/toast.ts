// A short sentence at the bottom that goes by itself.
import { css, row } from "../atoms.ts";
import { h } from "../dom.ts";

const place = `${row} ${css("position: fixed; left: 24px; bottom: 24px; z-index: 120")}`;
const body = css("background: #111b21; color: #fff; border-radius: 12px; padding: 12px 20px; font-size: 14px");

let shown: HTMLElement | null = null;

/** Shows the sentence for so many milliseconds; a later one takes its place. */
export function showToast(text: string, ms: number): void {
  shown?.remove();
  const node = h("div", { "aria-live": "polite", class: place }, [
    h("div", { "data-testid": "toast-body", class: body }, [h("span", {}, text)]),
  ]);
  document.querySelector("#app .app-wrapper-web")?.append(node);
  shown = node;
  setTimeout(() => node.remove(), ms);
}
