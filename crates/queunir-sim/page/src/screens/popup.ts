// A dialog of the page's own with any content; Escape closes it.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";

const cover = `${row} ${css("position: fixed; inset: 0; justify-content: center; background: rgba(11, 20, 26, 0.4); z-index: 100")}`;
const frame = `${column} ${css("background: #fff; border-radius: 12px; padding: 24px; max-width: 560px; max-height: 80vh; overflow: auto; gap: 18px; box-shadow: 0 17px 50px rgba(0, 0, 0, 0.19)")}`;

/** Puts a dialog up; the returned function takes it away. */
export function openPopup(title: string | null, content: HTMLElement): () => void {
  const node = h("div", { class: cover, tabindex: -1 }, [
    h("div", { role: "dialog", "aria-modal": "true", "aria-label": title }, [
      h("div", { "data-animate-modal-popup": "true", class: frame }, [
        h("div", { "data-animate-modal-body": "true", "data-testid": "popup-contents", class: column }, [
          title === null
            ? null
            : h(
                "h1",
                { "data-testid": "popup-title", class: css("font-size: 20px; font-weight: 500; margin-bottom: 14px") },
                title,
              ),
          content,
        ]),
      ]),
    ]),
  ]);
  const close = (): void => node.remove();
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  document.querySelector("#app .app-wrapper-web")?.append(node);
  node.focus();
  return close;
}
