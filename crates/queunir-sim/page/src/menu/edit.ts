// The dialog in which the words of a message are changed: the message as it stands, and an editor like the composer's.
import { css, row } from "../atoms.ts";
import { lexicalEditor } from "../composer/editor.ts";
import { h } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { drawing } from "../icons.ts";
import { menuWord } from "../locale/menu.ts";
import type { Model } from "../model.ts";
import type { Message } from "../protocol.ts";
import { openModal } from "../screens/modal.ts";

const head = `${row} ${css("gap: 20px; padding: 16px 20px; font-size: 17px; font-weight: 500")}`;
const preview = `${row} ${css("justify-content: flex-end; background: #f5f1eb; padding: 24px 28px; max-height: 40vh; overflow-y: auto")}`;
const bubble = css(
  "background-color: #d9fdd3; border-radius: 7.5px; padding: 6px 9px 8px; max-width: 80%; white-space: pre-wrap; overflow-wrap: anywhere",
);
const foot = `${row} ${css("gap: 10px; padding: 12px 16px; align-items: flex-end")}`;
const input = css(
  "flex: 1 1 0; min-width: 0; max-height: 140px; overflow-y: auto; outline: none; white-space: pre-wrap; overflow-wrap: anywhere; user-select: text; padding: 10px 14px; border: 1px solid #d1d7db; border-radius: 22px; font-size: 15px",
);
const round = `${row} ${css("width: 42px; height: 42px; justify-content: center; border-radius: 50%; background: #1daa61; color: #fff")}`;

/** Opens the dialog; `done` gets the new words when they differ. */
export function openEdit(model: Model, message: Message, done: (text: string) => void): void {
  const { lang } = model.texts;
  const label = model.texts.composer.placeholder;
  const root = h("div", {
    contenteditable: "true",
    role: "textbox",
    spellcheck: "true",
    "data-testid": "edit-message-composer",
    "aria-label": label,
    "aria-placeholder": label,
    class: input,
  });
  const finish = (): void => {
    editor.close();
    close();
  };
  const confirm = (): void => {
    const text = editor.text().trim();
    if (text === "") return;
    finish();
    if (text !== message.text) done(text);
  };
  const button = h(
    "button",
    {
      type: "button",
      "data-testid": "edit-message-confirm-button",
      "aria-label": menuWord(lang, "confirmEdit"),
      class: round,
    },
    [drawing("web-ic-check", 22)],
    { click: confirm },
  );
  const content = [
    h("header", { class: head }, [
      h(
        "button",
        { type: "button", "data-testid": "btn-closer-drawer", "aria-label": menuWord(lang, "close") },
        [drawing("ic-close", 22)],
        { click: finish },
      ),
      h("h1", { "data-testid": "drawer-title-body", class: css("font-size: 17px") }, menuWord(lang, "editTitle")),
    ]),
    h("div", { "data-testid": "edit-message-preview", class: preview }, [
      h("div", { class: bubble }, [h("span", { dir: "auto" }, withEmoji(message.text))]),
    ]),
    h("div", { class: foot }, [root, button]),
  ];
  const close = openModal({ testid: "edit-message-modal", content });
  const editor = lexicalEditor(root, message.text, {
    change: (text) => button.toggleAttribute("disabled", text.trim() === ""),
    enter: confirm,
  });
  root.focus();
}
