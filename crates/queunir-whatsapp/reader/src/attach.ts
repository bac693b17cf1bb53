// The way of a file into the page: the button, its menu, and the screen that shows the file before it is sent.

import { Reading } from "./anchors";
import { mainPane, messagesBox } from "./conversation";
import { area, around, attr, every, holds, PRESSED } from "./element";
import { icons } from "./icons";
import { active, findAll } from "./page";
import { iconSet } from "./profile";
import { centre, type Point } from "./schema";
import { editorText, lineText, short } from "./text";

interface Preview extends Point {
  text?: string;
  focused?: boolean;
  send?: Point;
  count?: number;
  names?: string[];
}

/** What is pressed to choose a file; nothing while something lies above it. */
export function attachButton(): Point {
  const reading = new Reading();
  return reachable(reading.one("attach.button", mainPane(reading)));
}

/** The menu's item for pictures and films, or for documents. */
export function attachItem({ kind }: { kind: "media" | "document" }): Point {
  return reachable(new Reading().one(`attach.${kind}`));
}

function reachable(element: Element | null): Point {
  const target = element && (around(element, `${PRESSED}, [role=menuitem]`) ?? element);
  const point = centre(target);
  const top = target && document.elementFromPoint(point.x, point.y);
  return top && (holds(target, top) || holds(top, target)) ? point : centre(null);
}

/**
 * The screen before sending: an editor outside the composer with a send button beside it. Nothing is known of its
 * names, so it is what holds both and not the conversation.
 */
export function preview(): Preview {
  const box = messagesBox(new Reading());
  for (const editor of findAll("[contenteditable=true]")) {
    if (around(editor, "footer, #side") !== null || area(editor).height === 0) continue;
    let screen: Element = editor;
    for (let up = editor.parentElement; up && up.id !== "main" && !(box && holds(up, box)); up = up.parentElement)
      screen = up;
    const send = sendOf(screen);
    if (send === null) continue;
    const number = /\d+/.exec(lineText(send));
    const titles = every(screen, "[title]").map((element) => short(attr(element, "title")));
    return {
      ...centre(editor),
      text: editorText(editor).toWellFormed(),
      focused: holds(editor, active()),
      send: reachable(send),
      count: number ? Number(number[0]) : 1,
      names: titles.filter((title) => title !== "").slice(0, 20),
    };
  }
  return centre(null);
}

function sendOf(screen: Element): Element | null {
  const names = iconSet("send");
  const found = icons(screen).find(
    (icon) => icon.names.some((name) => names.has(name)) && around(icon.element, "footer") === null,
  );
  return found ? around(found.element, PRESSED) : null;
}
