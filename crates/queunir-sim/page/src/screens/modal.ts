// A dialog of the page's own: a frame with a test id, a title if it has one, and its content.
import { column, css, row } from "../atoms.ts";
import { type Child, h } from "../dom.ts";

const cover = `${row} ${css("position: fixed; inset: 0; justify-content: center; background: rgba(11, 20, 26, 0.4); z-index: 100")}`;
const frame = `${column} ${css("background: #fff; border-radius: 12px; max-height: 84vh; overflow: hidden; box-shadow: 0 17px 50px rgba(0, 0, 0, 0.19)")}`;
const padded = css("padding: 24px; width: 460px; gap: 18px");
const bare = css("width: 520px");
const primary = css("border-radius: 24px; padding: 9px 22px; background: #1daa61; color: #fff; font-weight: 500");
const plain = css(
  "border-radius: 24px; padding: 9px 22px; border: 1px solid #d1d7db; color: #1b8755; font-weight: 500",
);

export interface Modal {
  testid: string;
  /** Of a question; dialogs that are drawers have a head of their own. */
  title?: string;
  content: Child;
  controls?: HTMLElement | null;
}

/** Puts a dialog up; Escape or the returned function takes it away. */
export function openModal({ testid, title, content, controls }: Modal): () => void {
  const drawer = title === undefined;
  const node = h("div", { class: cover, tabindex: -1 }, [
    h("div", { role: "dialog", "aria-modal": "true", "aria-label": title ?? null }, [
      h(
        "div",
        {
          "data-animate-modal-popup": "true",
          "data-testid": drawer ? null : testid,
          class: `${frame} ${drawer ? bare : padded}`,
        },
        [
          h("div", { "data-animate-modal-body": "true", class: column }, [
            title === undefined
              ? null
              : h(
                  "h1",
                  {
                    "data-testid": "popup-title",
                    class: css("font-size: 20px; font-weight: 500; margin-bottom: 10px"),
                  },
                  title,
                ),
            drawer
              ? h("div", { "data-testid": testid, class: column }, content)
              : h("div", { "data-testid": "popup-contents", class: column }, content),
          ]),
          controls ?? null,
        ],
      ),
    ]),
  ]);
  const close = (): void => node.remove();
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  document.querySelector("#app .app-wrapper-web")?.append(node);
  node.focus();
  return close;
}

/** A button below a dialog. */
export function control(testid: string | null, label: string, act: () => void, main = false): HTMLElement {
  const look = main ? primary : plain;
  return h("button", { type: "button", "data-testid": testid, class: look }, [h("div", {}, label)], { click: act });
}

/** Buttons in a line at the end, or one above the other. */
export function controls(buttons: HTMLElement[], stacked = false): HTMLElement {
  const look = stacked
    ? `${column} ${css("align-items: flex-end; gap: 8px")}`
    : `${row} ${css("justify-content: flex-end; gap: 8px")}`;
  return h("div", { class: look }, buttons);
}
