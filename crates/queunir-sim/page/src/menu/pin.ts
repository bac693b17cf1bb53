// How long a message shall stand above the conversation; and, when too many do, whether the oldest may go.
import { css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { type MenuWord, menuWord } from "../locale/menu.ts";
import { control, controls, openModal } from "../screens/modal.ts";

const DAY_S = 86_400;
const DURATIONS: [string, MenuWord, number][] = [
  ["OneDay", "day", DAY_S],
  ["SevenDays", "week", 7 * DAY_S],
  ["ThirtyDays", "month", 30 * DAY_S],
];
const CHOSEN = "SevenDays";
/** More than these do not stand above a conversation. */
const PINS_MOST = 3;

/** Asks; `pin` gets the seconds. */
export function askPin(lang: string, pins: number, pin: (seconds: number) => void): void {
  if (pins < PINS_MOST) {
    askDuration(lang, pin);
    return;
  }
  const close = openModal({
    testid: "replace-pin-message-modal",
    title: menuWord(lang, "replaceTitle"),
    content: h("div", {}, menuWord(lang, "replaceText")),
    controls: controls([
      control("popup-controls-cancel", menuWord(lang, "cancel"), () => close()),
      control(
        "popup-controls-ok",
        menuWord(lang, "continue"),
        () => {
          close();
          askDuration(lang, pin);
        },
        true,
      ),
    ]),
  });
}

function askDuration(lang: string, pin: (seconds: number) => void): void {
  const radios = DURATIONS.map(([value, word, seconds]) => {
    const input = h("input", { type: "radio", name: "duration", value, checked: value === CHOSEN });
    const label = h("label", { "data-testid": value, class: `${row} ${css("gap: 12px; padding: 8px 0")}` }, [
      input,
      h("span", {}, menuWord(lang, word)),
    ]);
    return { input: input as HTMLInputElement, seconds, node: h("li", {}, [label]) };
  });
  const list = h(
    "ol",
    { class: css("list-style: none; margin: 0; padding: 0") },
    radios.map(({ node }) => node),
  );
  const close = openModal({
    testid: "pin-message-modal",
    title: menuWord(lang, "pinTitle"),
    content: [h("div", {}, menuWord(lang, "pinHint")), h("form", {}, [list])],
    controls: controls([
      control("popup-controls-cancel", menuWord(lang, "cancel"), () => close()),
      control(
        "popup-controls-ok",
        menuWord(lang, "pin"),
        () => {
          close();
          const chosen = radios.find(({ input }) => input.checked);
          if (chosen) pin(chosen.seconds);
        },
        true,
      ),
    ]),
  });
}
