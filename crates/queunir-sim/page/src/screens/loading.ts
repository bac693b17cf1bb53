// STARTUP and SYNCING: a progress bar, and a percentage once the server knows one.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import type { Texts } from "../locale/texts.ts";

const page = `${column} ${css("height: 100%; align-items: center; justify-content: center; gap: 16px; background: #f7f5f3; color: #54656f")}`;

const bar = `${css("width: 320px; height: 4px; appearance: none; border: 0")} ${css("background: #e3e0db", "::-webkit-progress-bar")} ${css("background: #1daa61", "::-webkit-progress-value")}`;

/** Makes the screen; `update(null)` means the client itself is still starting. */
export function loadingScreen(
  texts: Texts,
  logOut: () => void,
): { node: HTMLElement; update: (percent: number | null) => void } {
  const progress = h("progress", { value: 0, max: 100, dir: "ltr", class: bar });
  const title = h("div", { class: css("color: #111b21; font-size: 17px") }, texts.loading.chats);
  const note = h("div", { class: css("min-height: 20px; font-size: 14px") });
  const leave = h("button", { type: "button", class: css("color: #1b8755; font-size: 14px") }, texts.loading.logOut, {
    click: logOut,
  });
  leave.style.display = "none";
  const node = h("div", { "data-testid": "wa-web-loading-screen", class: page }, [
    h("div", { class: css("font-size: 28px; color: #aebac1; font-weight: 600") }, "WhatsApp"),
    progress,
    title,
    note,
    h("div", { class: `${row} ${css("gap: 6px; font-size: 13px")}` }, [
      drawing("ic-lock", 14),
      texts.loading.encrypted,
    ]),
    leave,
  ]);
  return {
    node,
    update(percent) {
      if (percent === null) return;
      progress.setAttribute("value", String(percent));
      leave.style.display = "";
      note.replaceChildren(h("span", {}, `[${Math.floor(percent)}%]`), " ", h("span", {}, texts.loading.dontClose));
    },
  };
}

/** A spinner beside a few words, for a dialog. */
export function loadingNote(words: string): HTMLElement {
  return h("div", { class: `${row} ${css("gap: 16px; min-width: 260px")}` }, [
    h("div", {
      role: "progressbar",
      class: css("width: 24px; height: 24px; border-radius: 50%; border: 3px solid #d1d7db; border-top-color: #1daa61"),
    }),
    h("span", {}, words),
  ]);
}
