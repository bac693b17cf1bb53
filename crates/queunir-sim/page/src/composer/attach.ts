// Attaching: a menu, an input that exists only during the click, and a preview with a caption of its own.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { faulty } from "../fault.ts";
import { drawing, spanIcon } from "../icons.ts";
import { panelWord } from "../locale/panels.ts";
import type { Model } from "../model.ts";
import { lexicalEditor } from "./editor.ts";

export interface Chosen {
  file: File;
  kind: "image" | "video" | "document";
}

const MEDIA = "image/*,video/mp4,video/3gpp,video/quicktime";

const menuBox = `${column} ${css("position: absolute; bottom: 70px; left: 16px; background: #fff; border-radius: 16px; padding: 8px; box-shadow: 0 2px 12px rgba(0, 0, 0, 0.2); z-index: 6; min-width: 200px")}`;
const itemBox = `${row} ${css("gap: 12px; padding: 10px 14px; border-radius: 10px; text-align: left")}`;
const cover = `${column} ${css("position: absolute; inset: 0; background: #f0ece6; z-index: 7")}`;
const captionBox = css(
  "position: relative; flex: 1 1 0; background: #fff; border-radius: 24px; padding: 12px 18px; min-height: 44px",
);

/** Opens or closes the menu inside `holder`. */
export function toggleMenu(model: Model, holder: HTMLElement, chosen: (files: Chosen[]) => void): void {
  const open = holder.querySelector('[role="menu"]');
  if (open) {
    open.remove();
    return;
  }
  const lang = model.texts.lang;
  const item = (testid: string, icon: string, label: string, act: () => void): HTMLElement =>
    h(
      "button",
      { type: "button", role: "menuitem", "data-testid": testid, class: itemBox },
      [spanIcon(icon, 22), h("span", {}, label)],
      {
        click() {
          menu.remove();
          act();
        },
      },
    );
  const menu = h("div", { role: "menu", "data-testid": "attach-menu-popup", class: menuBox }, [
    item("mi-attach-document", "document-refreshed-thin", panelWord(lang, "attachDocument"), () =>
      choose("*", (files) => chosen(files.map((file) => ({ file, kind: "document" })))),
    ),
    item("mi-attach-media", "media-filled-refreshed", panelWord(lang, "attachMedia"), () =>
      choose(MEDIA, (files) =>
        chosen(files.map((file) => ({ file, kind: file.type.startsWith("video/") ? "video" : "image" }))),
      ),
    ),
    item("mi-attach-contact", "default-contact-refreshed", panelWord(lang, "attachContact"), () => undefined),
  ]);
  holder.append(menu);
}

/** The input is at the end of the body for as long as the dialog of the system is open. */
function choose(accept: string, done: (files: File[]) => void): void {
  const input = h("input", { type: "file", accept, multiple: true, style: "display: none" }) as HTMLInputElement;
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    if (!faulty("4-input-stays")) input.remove();
    if (files.length) done(files);
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

/** Shows what is about to be sent over the conversation. */
export function showPreview(model: Model, holder: HTMLElement, files: Chosen[], send: (caption: string) => void): void {
  const { lang } = model.texts;
  const label = panelWord(lang, "caption");
  const root = h("div", {
    contenteditable: "true",
    role: "textbox",
    "aria-label": label,
    "aria-placeholder": label,
    "data-tab": 10,
    class: css("outline: none; white-space: pre-wrap"),
  });
  const urls = files.map(({ file }) => URL.createObjectURL(file));
  const close = (): void => {
    editor.close();
    node.remove();
  };
  const submit = (): void => {
    const caption = editor.text().trim();
    close();
    send(caption);
  };
  const editor = lexicalEditor(root, "", { change: () => undefined, enter: submit });
  const first = files[0];
  const shown =
    first?.kind === "image"
      ? h("img", { alt: "", src: urls[0] ?? "", class: css("max-width: 70%; max-height: 100%; object-fit: contain") })
      : h("div", { class: `${column} ${css("align-items: center; gap: 12px")}` }, [
          spanIcon("document-refreshed-thin", 80),
          h("div", { title: first?.file.name ?? "" }, first?.file.name ?? ""),
        ]);
  const node = h(
    "div",
    { "data-testid": "media-preview", class: cover },
    [
      h("header", { class: `${row} ${css("padding: 14px 20px")}` }, [
        h("button", { type: "button", "aria-label": model.texts.session.close }, [drawing("ic-close", 24)], {
          click: close,
        }),
      ]),
      h("div", { class: `${row} ${css("flex: 1 1 0; min-height: 0; justify-content: center")}` }, [shown]),
      h("div", { class: `${row} ${css("gap: 12px; padding: 16px 24px")}` }, [
        h("div", { class: captionBox }, [root]),
        h(
          "div",
          {
            role: "button",
            tabindex: 0,
            "aria-label": model.texts.composer.send,
            class: `${row} ${css("width: 56px; height: 56px; border-radius: 50%; background: #1daa61; color: #fff; justify-content: center; position: relative")}`,
          },
          [
            h("span", { "aria-hidden": "true", "data-icon": "wds-ic-send-filled" }, [
              drawing("wds-ic-send-filled", 26),
            ]),
            files.length > 1
              ? h(
                  "span",
                  {
                    class: css(
                      "position: absolute; top: -4px; right: -4px; background: #fff; color: #1b8755; border-radius: 10px; padding: 0 6px",
                    ),
                  },
                  String(files.length),
                )
              : null,
          ],
          { click: submit },
        ),
      ]),
    ],
    {
      keydown(event) {
        if (!(event instanceof KeyboardEvent) || event.key !== "Escape") return;
        event.stopPropagation();
        close();
      },
    },
  );
  holder.append(node);
  root.focus();
}
