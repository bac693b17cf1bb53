// The footer of a conversation: the editor, and the send button that exists only while there is text.
import { css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { faulty } from "../fault.ts";
import { dress } from "../generation.ts";
import { drawing, spanIcon } from "../icons.ts";
import { shownTitle } from "../list/row.ts";
import type { Model } from "../model.ts";
import type { Session } from "../session.ts";
import { type Chosen, showPreview, toggleMenu } from "./attach.ts";
import { type Editor, lexicalEditor } from "./editor.ts";
import { followQuote } from "./quoting.ts";
import { prepare } from "./upload.ts";

/** Without a key press for this long the other side stops seeing "typing...". */
const TYPING_MS = 5000;

const footer = css("flex-shrink: 0; padding: 5px 16px 12px");
const box = `${row} ${css("background: #fff; border-radius: 26px; min-height: 52px; padding: 5px 6px 5px 12px; gap: 8px; box-shadow: 0 1px 1px rgba(11, 20, 26, 0.1); align-items: flex-end")}`;
const round = `${row} ${css("width: 40px; height: 40px; flex-shrink: 0; justify-content: center; border-radius: 50%; color: rgba(0, 0, 0, 0.6)")}`;
const sendRound = css("background-color: #1daa61; color: #fff");
const field = css(
  "position: relative; flex: 1 1 0; min-width: 0; align-self: center; font-size: 15px; line-height: 20px",
);
const input = css(
  "max-height: 140px; overflow-y: auto; outline: none; white-space: pre-wrap; overflow-wrap: anywhere; user-select: text; padding: 9px 0",
);
const placeholderBox = css(
  "position: absolute; top: 9px; left: 0; color: rgba(0, 0, 0, 0.6); pointer-events: none; user-select: none",
);
const readOnly = css("text-align: center; color: rgba(0, 0, 0, 0.6); padding: 14px; background: #f0f2f5");

export interface Composer {
  node: HTMLElement;
  focus(): void;
  close(): void;
}

/** Builds the footer of a chat. */
export function composer(
  model: Model,
  session: Session,
  chatId: string,
  pane: () => HTMLElement | null,
  sent: () => void,
): Composer {
  const chat = model.chats.get(chatId);
  const words = model.texts.composer;
  if (!chat?.writable) {
    const node = h("footer", {}, [h("div", { "data-testid": "compose-box", class: readOnly }, words.readOnly)]);
    return { node, focus() {}, close() {} };
  }
  const named = (chat.kind === "group" ? words.groupLabel : words.label)(shownTitle(model, chat));
  const label = dress().name === "g2" || faulty("4-label-without-name") ? words.placeholder : named;
  const root = h("div", {
    contenteditable: "true",
    role: "textbox",
    spellcheck: "true",
    "aria-placeholder": words.placeholder,
    "aria-label": label,
    "data-tab": 10,
    "data-testid": "conversation-compose-box-input",
    tabindex: 10,
    class: input,
  });
  const placeholder = h("div", { class: placeholderBox }, words.placeholder);
  const last = h("div");
  let editor: Editor | null = null;
  let sendable: boolean | null = null;
  const typing = typingReport(
    (on) => session.reportTyping(chatId, on),
    () => model.duration(TYPING_MS),
  );

  const submit = (): void => {
    const text = editor?.text().trim() ?? "";
    if (!editor || text === "") return;
    editor.set("");
    editor.focus();
    typing.stop();
    session.send(chatId, text);
    sent();
  };
  const change = (text: string): void => {
    placeholder.style.display = text === "" ? "" : "none";
    const has = text.trim() !== "" || faulty("4-send-always-there");
    if (has !== sendable) last.replaceChildren(has ? sendButton(words.send, submit) : voiceButton(words.voice));
    sendable = has;
    if (editor && text !== (model.drafts.get(chatId) ?? "") && text !== "") typing.pressed();
    if (text === "") model.drafts.delete(chatId);
    else model.drafts.set(chatId, text);
  };
  const attached = (files: Chosen[]): void => {
    const holder = pane();
    if (!holder) return;
    showPreview(model, holder, files, async (caption) => {
      for (const [index, file] of files.entries()) {
        session.sendFile(chatId, index === 0 ? caption : "", await prepare(file));
      }
      sent();
    });
  };
  editor = lexicalEditor(root, model.drafts.get(chatId) ?? chat.draft ?? "", { change, enter: submit });
  change(editor.text());

  const answered = h("div");
  const unfollow = followQuote(model, chatId, answered, () => root.focus());
  const node = h("footer", { class: footer }, [
    answered,
    h("div", { "data-testid": "compose-box", class: box }, [
      h(
        "button",
        {
          type: "button",
          "data-testid": "conversation-clip",
          "data-tab": 10,
          "aria-label": words.attach,
          class: round,
        },
        [spanIcon("plus-rounded")],
        {
          click() {
            const holder = pane();
            if (holder) toggleMenu(model, holder, attached);
          },
        },
      ),
      h("button", { type: "button", "data-tab": 10, "aria-label": words.emoji, class: round }, [spanIcon("smiley")]),
      h("div", { class: `lexical-rich-text-input ${field}` }, [root, placeholder]),
      last,
    ]),
  ]);
  const open = editor;
  return {
    node,
    focus: () => root.focus(),
    close() {
      typing.stop();
      unfollow();
      open.close();
    },
  };
}

/** Tells when typing begins, and that it ended after a pause. */
function typingReport(report: (on: boolean) => void, pause: () => number): { pressed(): void; stop(): void } {
  let timer = 0;
  const stop = (): void => {
    if (timer === 0) return;
    window.clearTimeout(timer);
    timer = 0;
    report(false);
  };
  return {
    pressed() {
      if (timer === 0) report(true);
      window.clearTimeout(timer);
      timer = window.setTimeout(stop, pause());
    },
    stop,
  };
}

function sendButton(label: string, submit: () => void): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      "data-testid": "compose-btn-send",
      "data-tab": 11,
      "aria-label": label,
      class: `${round} ${sendRound}`,
    },
    [sendIcon()],
    { click: submit },
  );
}

/** In today's markup a span with `data-icon` around the titled svg. */
function sendIcon(): Element {
  const icon = drawing("wds-ic-send-filled", 22);
  if (dress().spans) return icon;
  const name = dress().icon("wds-ic-send-filled");
  return h("span", { "aria-hidden": "true", "data-icon": name, class: css("display: inline-flex") }, [icon]);
}

function voiceButton(label: string): HTMLElement {
  return h(
    "button",
    { type: "button", "data-testid": "ptt-ready-btn", "data-tab": 11, "aria-label": label, class: round },
    [drawing("ic-mic", 22)],
  );
}
