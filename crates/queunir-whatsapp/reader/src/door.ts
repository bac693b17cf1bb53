// The way into the archived chats and out of them again.

import { Reading } from "./anchors";
import { every, first, PRESSED } from "./element";
import { hasIcon } from "./icons";
import { find } from "./page";
import { lineText, short } from "./text";

/** The drawer over the list, and the button that is meant: its first, or else the row above the chats, by its icon. */
export function door() {
  const drawer = new Reading().one("drawer");
  const side = find("#side");
  const rows = side ? every(side, PRESSED) : [];
  const entry = rows.find((row) => !row.closest("#pane-side, header") && hasIcon(row, "archive"));
  return { drawer, entry, button: drawer ? first(drawer, PRESSED) : (entry ?? null) };
}

/** Whether there is a way in or out, whether a drawer covers the list, and what that says, or else the way in. */
export function archiveDoor() {
  const { drawer, entry, button } = door();
  const said = drawer ?? entry;
  return { present: button !== null, label: said ? short(lineText(said)) : "", open: drawer !== null };
}
