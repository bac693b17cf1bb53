// What stands between the title bar and the search: offline, notices, how much of the history has come.
import { css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import { panelWord } from "../locale/panels.ts";
import type { Model } from "../model.ts";

const bar = `${row} ${css("background: #fff4c4; padding: 12px 20px; gap: 14px; flex-shrink: 0")}`;

/** The banners now; `changed` is called after one was closed. */
export function banners(model: Model, changed: () => void): HTMLElement[] {
  const words = model.texts.list;
  const { lang } = model.texts;
  const shown = model.banners.map(({ id, title, body }) =>
    banner(`chat-butterbar-${id}`, title, body, () => {
      model.banners = model.banners.filter((one) => one.id !== id);
      changed();
    }),
  );
  if (model.history !== null) {
    const done = panelWord(lang, "historyDone", model.history);
    shown.unshift(banner("chat-butterbar-history", panelWord(lang, "history"), done, null));
  }
  if (model.offline) shown.unshift(banner("chat-butterbar-offline", words.offlineTitle, words.offlineBody, null));
  return shown.length ? [h("div", { "data-testid": "chat-butterbar" }, shown)] : [];
}

function banner(testid: string, title: string, body: string, close: (() => void) | null): HTMLElement {
  return h("div", { "data-testid": testid, class: bar }, [
    drawing("ic-key-off", 28),
    h("div", { class: css("flex: 1 1 0") }, [
      h("div", { class: css("font-size: 15px") }, title),
      h("div", { class: css("font-size: 13px; color: rgba(0, 0, 0, 0.6)") }, body),
    ]),
    close ? h("button", { type: "button", "aria-label": "Close" }, [drawing("ic-close", 18)], { click: close }) : null,
  ]);
}
