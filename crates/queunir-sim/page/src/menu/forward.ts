// The dialog that passes a message on: chats to choose from, a search of its own, and a foot once something is chosen.
import { column, css, ellipsis, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { drawing } from "../icons.ts";
import { avatar, shownTitle } from "../list/row.ts";
import { searchBox } from "../list/search.ts";
import { VirtualGrid } from "../list/virtual.ts";
import { menuWord } from "../locale/menu.ts";
import type { Model } from "../model.ts";
import type { ChatRow } from "../protocol.ts";
import { openModal } from "../screens/modal.ts";
import { showToast } from "../screens/toast.ts";

/** A message goes to no more chats at once. */
const CHATS_MOST = 5;
const HEIGHT = 72;
const TOAST_MS = 4000;

const head = `${row} ${css("gap: 20px; padding: 16px 20px")}`;
const scroller = css("height: 420px; overflow-y: auto; overflow-x: hidden; isolation: isolate");
const cell = `${row} ${css("gap: 14px; padding: 0 20px; height: 72px; cursor: pointer; outline: none")}`;
const tick = `${row} ${css("width: 20px; height: 20px; border: 2px solid #8696a0; border-radius: 4px; justify-content: center; flex-shrink: 0")}`;
const ticked = css("background-color: #1daa61; border-color: #1daa61; color: #fff");
const foot = `${row} ${css("gap: 16px; padding: 12px 20px; background: #f7f5f3; justify-content: space-between")}`;
const round = `${row} ${css("width: 46px; height: 46px; justify-content: center; border-radius: 50%; background: #1daa61; color: #fff; cursor: pointer")}`;

/** Opens the dialog; `send` gets the chosen chats in the order of the choice. */
export function openForward(model: Model, send: (chats: string[]) => void): void {
  const { lang } = model.texts;
  const title = menuWord(lang, "forwardTitle");
  const chosen: string[] = [];
  let query = "";
  const grid = new VirtualGrid(title, { class: scroller, tabindex: -1 }, () => 0, "listitem");
  const last = h("div");

  const toggle = (chat: ChatRow): void => {
    const at = chosen.indexOf(chat.id);
    if (at >= 0) chosen.splice(at, 1);
    else if (chosen.length < CHATS_MOST) chosen.push(chat.id);
    else showToast(menuWord(lang, "tooMany"), model.duration(TOAST_MS));
    grid.redraw(chat.id);
    drawFoot();
  };
  const drawRow = (chat: ChatRow): HTMLElement => {
    const on = chosen.includes(chat.id);
    const name = shownTitle(model, chat);
    const act = { click: () => toggle(chat), keydown: enterOrSpace(() => toggle(chat)) };
    return h(
      "div",
      { role: "checkbox", "aria-checked": String(on), tabindex: -1, class: cell },
      [
        h("div", { class: on ? `${tick} ${ticked}` : tick }, [on ? drawing("web-ic-check", 14) : null]),
        avatar(chat, 49),
        h("div", { "data-testid": "cell-frame-container", class: `${column} ${css("min-width: 0")}` }, [
          h("div", { "data-testid": "cell-frame-title", class: row }, [
            h("span", { dir: "auto", title: name, class: ellipsis }, withEmoji(name)),
          ]),
        ]),
      ],
      act,
    );
  };
  const draw = (): void => {
    const wanted = query.toLocaleLowerCase();
    const digits = query.replace(/\D/g, "");
    const fits = (chat: ChatRow): boolean =>
      shownTitle(model, chat).toLocaleLowerCase().includes(wanted) ||
      (digits.length > 3 && (chat.phone ?? "").replace(/\D/g, "").includes(digits));
    const chats = [...model.ordered(), ...model.ordered(true)].filter((chat) => chat.writable && fits(chat));
    grid.setItems(
      chats.map((chat) => ({ id: chat.id, height: HEIGHT, stamp: () => chat.title, draw: () => drawRow(chat) })),
    );
  };
  const drawFoot = (): void => {
    const names = chosen.map((id) => model.chats.get(id)).filter((chat) => chat !== undefined);
    const text = names.map((chat) => shownTitle(model, chat)).join(", ");
    const submit = (): void => {
      close();
      send([...chosen]);
    };
    const button = h(
      "div",
      { role: "button", tabindex: 0, "aria-label": model.texts.composer.send, class: round },
      [drawing("wds-ic-send-filled", 24)],
      { click: submit, keydown: enterOrSpace(submit) },
    );
    const summary = h("span", { "aria-live": "polite", title: text, class: ellipsis }, text);
    last.replaceChildren(...(chosen.length ? [h("footer", { class: foot }, [summary, button])] : []));
  };
  const search = searchBox(menuWord(lang, "searchNames"), (text) => {
    query = text;
    draw();
  });
  const close = openModal({
    testid: "chat-modal",
    content: [
      h("header", { class: head }, [
        h(
          "button",
          { type: "button", "data-testid": "btn-closer-drawer", "aria-label": menuWord(lang, "close") },
          [drawing("ic-close", 22)],
          { click: () => close() },
        ),
        h("h1", { "data-testid": "drawer-title-body", class: css("font-size: 17px; font-weight: 500") }, title),
      ]),
      search.node,
      grid.scroller,
      last,
    ],
  });
  draw();
}

function enterOrSpace(act: () => void): (event: Event) => void {
  return (event) => {
    if (!(event instanceof KeyboardEvent) || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    act();
  };
}
