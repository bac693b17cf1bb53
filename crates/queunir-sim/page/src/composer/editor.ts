// The Lexical editor inside the composer: plain text, Enter sends, Shift+Enter breaks the line.
import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { registerPlainText } from "@lexical/plain-text";
import {
  $createLineBreakNode,
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  $isElementNode,
  COMMAND_PRIORITY_HIGH,
  createEditor,
  KEY_ENTER_COMMAND,
} from "lexical";
import { css } from "../atoms.ts";

const HISTORY_MS = 300;

export interface Editor {
  text(): string;
  set(text: string): void;
  focus(): void;
  close(): void;
}

/** Turns `root` into an editor that begins with `initial`. */
export function lexicalEditor(
  root: HTMLElement,
  initial: string,
  on: { change(text: string): void; enter(): void },
): Editor {
  const copyable = "selectable-text copyable-text";
  const editor = createEditor({
    namespace: "composer",
    theme: { paragraph: `${copyable} ${css("margin: 0")}`, text: { base: copyable } },
    onError(error) {
      console.error(error);
    },
  });
  const stops = [
    registerPlainText(editor),
    registerHistory(editor, createEmptyHistoryState(), HISTORY_MS),
    editor.registerCommand(
      KEY_ENTER_COMMAND,
      (event) => {
        if (event === null || event.shiftKey || event.isComposing) return false;
        event.preventDefault();
        // Not inside the editor's own update: submitting empties the editor.
        queueMicrotask(() => on.enter());
        return true;
      },
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerUpdateListener(({ editorState }) => on.change(editorState.read(plainText))),
  ];
  editor.setRootElement(root);
  set(initial);

  function text(): string {
    return editor.getEditorState().read(plainText);
  }

  function set(wanted: string): void {
    editor.update(
      () => {
        const paragraph = $createParagraphNode();
        wanted.split("\n").forEach((line, index) => {
          if (index > 0) paragraph.append($createLineBreakNode());
          if (line) paragraph.append($createTextNode(line));
        });
        $getRoot().clear().append(paragraph);
        paragraph.selectEnd();
      },
      { discrete: true, tag: "history-merge" },
    );
  }

  return {
    text,
    set,
    focus: () => editor.focus(),
    close() {
      for (const stop of stops) stop();
      editor.setRootElement(null);
    },
  };
}

/** What a person reads in the editor, with a newline for every break. */
function plainText(): string {
  return $getRoot()
    .getChildren()
    .map((paragraph) => ($isElementNode(paragraph) ? paragraph.getTextContent() : ""))
    .join("\n");
}
