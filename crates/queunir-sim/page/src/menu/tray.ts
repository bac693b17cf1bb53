// The six pictures of a quick reaction, and the picker with more of them.
import { column, css, row } from "../atoms.ts";
import { type Child, h } from "../dom.ts";
import { emojiOnly, withEmoji } from "../emoji.ts";
import { faulty } from "../fault.ts";
import { drawing } from "../icons.ts";
import { menuWord } from "../locale/menu.ts";
import { closeLayer, openLayer, type Place } from "../screens/layer.ts";

const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const MORE =
  "😀 😁 😅 🤣 😊 😇 🙂 😉 😍 🥰 😘 😋 😎 🤩 🥳 😏 😒 😞 😔 😭 😡 🤔 🤗 😴 👎 👏 🙌 💪 👌 ✌️ 🤝 👀 🔥 🎉 💯 ✅ ❌ ⭐ 💙 💚 💛 🧡 💜 🖤 💔 ☕ 🎂 🌹";

const tray = `${row} ${css("background: #fff; border-radius: 28px; padding: 5px 8px; gap: 2px; box-shadow: 0 2px 12px rgba(0, 0, 0, 0.2)")}`;
const choice = `${row} ${css("width: 40px; height: 40px; justify-content: center; border-radius: 50%")}`;
const taken = css("background-color: #e7e4df");
const pickerBox = `${column} ${css("background: #fff; border-radius: 16px; padding: 12px; gap: 10px; width: 356px; box-shadow: 0 2px 12px rgba(0, 0, 0, 0.2)")}`;
const field = css("border: 1px solid #d1d7db; border-radius: 16px; padding: 7px 12px; font: inherit; outline: none");
const grid = css("display: grid; grid-template-columns: repeat(8, 40px); max-height: 240px; overflow-y: auto");

/** Opens the tray above a message; `react` gets the picture, or `null` when ours is taken back. */
export function openTray(
  lang: string,
  ours: string | null,
  place: Place,
  react: (emoji: string | null) => void,
  ended?: () => void,
): void {
  const strange = ours !== null && !QUICK.includes(ours);
  const signs = strange ? [...QUICK, ours] : faulty("9-tray-upside-down") ? QUICK.toReversed() : QUICK;
  const pick = (emoji: string): void => {
    closeLayer();
    react(emoji === ours ? null : emoji);
  };
  const more = (): void => {
    openPicker(lang, place, (emoji) => react(emoji === ours ? null : emoji), ended);
  };
  const node = h("div", { role: "toolbar", "aria-label": menuWord(lang, "reactions"), class: tray }, [
    ...signs.map((sign, index) =>
      h("div", { "data-testid": sign === ours ? "selected" : null }, [
        sized(sign, sign === ours, () => pick(sign), `reactions-option-${index}`),
      ]),
    ),
    strange
      ? null
      : h(
          "button",
          {
            type: "button",
            "data-testid": "reactions-show-more",
            "aria-label": menuWord(lang, "moreReactions"),
            "aria-pressed": "false",
            class: choice,
          },
          [drawing("ic-add", 22)],
          { click: more },
        ),
  ]);
  openLayer(node, place, "above", ended);
}

function openPicker(lang: string, place: Place, react: (emoji: string) => void, ended?: () => void): void {
  const label = menuWord(lang, "searchReaction");
  const search = h("input", { type: "text", role: "textbox", "aria-label": label, placeholder: label, class: field });
  const shown = h("div", { class: grid });
  const draw = (): void => {
    const wanted = search instanceof HTMLInputElement ? search.value.trim() : "";
    const known = MORE.split(" ").filter((sign) => sign.includes(wanted));
    const list = known.length === 0 && emojiOnly(wanted) === 1 ? [wanted] : known;
    const pick = (sign: string) => (): void => {
      closeLayer();
      react(sign);
    };
    shown.replaceChildren(...list.map((sign) => sized(sign, false, pick(sign), null)));
  };
  search.addEventListener("input", draw);
  draw();
  const node = h(
    "div",
    { "data-testid": "reaction_emoji_picker", role: "group", "aria-label": label, class: pickerBox },
    [search, shown],
  );
  openLayer(node, place, "above", ended);
  search.focus({ preventScroll: true });
}

function sized(sign: string, pressed: boolean, act: () => void, testid: string | null): HTMLElement {
  const inner: Child = withEmoji(sign, 26);
  return h(
    "button",
    {
      type: "button",
      "data-testid": testid,
      "aria-label": sign,
      "aria-pressed": String(pressed),
      class: pressed ? `${choice} ${taken}` : choice,
    },
    inner,
    { click: act },
  );
}
