// The menu of a message: items by role and label today, a list of words in the generation before.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { dress } from "../generation.ts";
import { drawing } from "../icons.ts";
import { menuWord } from "../locale/menu.ts";
import { closeLayer, openLayer, type Place } from "../screens/layer.ts";
import { OFFER_ICONS, type Offer } from "./offers.ts";

const box = `${column} ${css("background: #fff; border-radius: 16px; padding: 8px; box-shadow: 0 2px 12px rgba(0, 0, 0, 0.2); min-width: 180px")}`;
const entry = `${row} ${css("gap: 14px; padding: 9px 14px; border-radius: 10px; text-align: left; width: 100%")}`;
const entryOver = css("background-color: #f0efed", ":hover");
const harmful = css("color: #ea0038");
const rule = css("height: 1px; background: #e9e7e3; margin: 6px 8px");
const bare = css("list-style: none; margin: 0; padding: 0");

/** Something that a menu offers. */
export interface Entry {
  label: string;
  icon: string;
  harmful?: boolean;
  act(): void;
}

/** The entries of a message's menu; `null` is a line between them. */
export function entriesOf(lang: string, list: Offer[], act: (offer: Offer) => void): (Entry | null)[] {
  return list.map((offer) =>
    offer === "line"
      ? null
      : {
          label: menuWord(lang, offer),
          icon: OFFER_ICONS[offer],
          harmful: offer === "delete" || offer === "report",
          act: () => act(offer),
        },
  );
}

/** Opens a menu beside a place; pressing an entry closes it and then acts. */
export function openMenu(entries: (Entry | null)[], place: Place, ended?: () => void): void {
  const node = dress().name === "g2" ? words(entries) : items(entries);
  openLayer(node, place, "below", ended);
  node.querySelector<HTMLElement>("button, li")?.focus({ preventScroll: true });
}

function chosen(one: Entry): () => void {
  return () => {
    closeLayer();
    one.act();
  };
}

function items(entries: (Entry | null)[]): HTMLElement {
  const inner = entries.map((one) =>
    one === null
      ? h("div", { class: rule })
      : h(
          "button",
          {
            type: "button",
            role: "menuitem",
            "aria-label": one.label,
            class: `${entry} ${entryOver} ${one.harmful ? harmful : ""}`.trim(),
          },
          [
            h("div", { "aria-hidden": "true", class: css("display: flex") }, [drawing(one.icon, 20)]),
            h("div", {}, [h("span", {}, one.label)]),
          ],
          { click: chosen(one) },
        ),
  );
  return h("div", { role: "menu", class: box }, dress().wrapped ? [h("div", {}, inner)] : inner);
}

function words(entries: (Entry | null)[]): HTMLElement {
  const inner = entries
    .filter((one) => one !== null)
    .map((one) =>
      h(
        "li",
        { "data-animate-dropdown-item": "true", role: "button", tabindex: 0, class: `${entry} ${entryOver}` },
        [h("div", { "aria-label": one.label }, one.label)],
        {
          click: chosen(one),
          keydown(event) {
            if (event instanceof KeyboardEvent && (event.key === "Enter" || event.key === " ")) chosen(one)();
          },
        },
      ),
    );
  return h("div", { role: "application", class: box }, [h("ul", { class: bare }, inner)]);
}
