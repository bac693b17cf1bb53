// The two buttons beside a message that exist only under the pointer or the keyboard's focus. One pair for the whole
// list: rows that nobody points at cost nothing.
import { css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { faulty } from "../fault.ts";
import { dress } from "../generation.ts";
import { drawing } from "../icons.ts";
import { menuWord } from "../locale/menu.ts";
import type { Message } from "../protocol.ts";
import type { Place } from "../screens/layer.ts";
import { canReact } from "./offers.ts";

const corner = css("position: absolute; top: 3px; right: 5px; width: 42px; height: 27px; z-index: 2; overflow: hidden");
const chevron = `${row} ${css("position: absolute; top: 0; right: 0; width: 27px; height: 27px; justify-content: center; cursor: pointer; border-radius: 50%; background: #fffc; color: rgba(0, 0, 0, 0.6)")}`;
const beside = css("position: absolute; top: calc(50% - 15px); width: 30px; height: 30px; z-index: 2");
const left = css("left: -42px");
const right = css("right: -42px");
const round = `${row} ${css("width: 30px; height: 30px; justify-content: center; cursor: pointer; border-radius: 50%; background: #fff; color: rgba(0, 0, 0, 0.6); box-shadow: 0 1px 1px rgba(11, 20, 26, 0.2)")}`;

/** A message that can be pointed at. */
export interface Target {
  /** Its row in the list. */
  row: HTMLElement;
  message: Message;
  bubble: HTMLElement;
}

export interface ControlActs {
  menu(target: Target, place: Place, ended: () => void): void;
  react(target: Target, place: Place, ended: () => void): void;
}

export class Controls {
  private hovered: HTMLElement | null = null;
  private focused: HTMLElement | null = null;
  /** The row whose menu or tray is open. */
  private held: HTMLElement | null = null;
  private holds = 0;
  private readonly shown = new Map<HTMLElement, HTMLElement[]>();

  constructor(
    private readonly list: HTMLElement,
    private readonly lang: string,
    private readonly find: (row: HTMLElement) => Target | null,
    private readonly acts: ControlActs,
  ) {
    list.addEventListener("mouseover", (event) => this.turn("hovered", this.rowOf(event.target)));
    list.addEventListener("mouseleave", () => this.turn("hovered", null));
    list.addEventListener("focusin", ({ target }) => {
      const seen = target instanceof Element && target.matches(":focus-visible");
      this.turn("focused", seen ? this.rowOf(target) : null);
    });
    list.addEventListener("focusout", ({ relatedTarget }) => {
      if (this.rowOf(relatedTarget) !== this.focused) this.turn("focused", null);
    });
    list.addEventListener("contextmenu", (event) => this.pressedRight(event));
  }

  /** A row was drawn again: its buttons went with the former drawing. */
  redrawn(row: HTMLElement): void {
    if (this.shown.delete(row)) this.draw();
  }

  private turn(which: "hovered" | "focused" | "held", row: HTMLElement | null): void {
    if (this[which] === row) return;
    this[which] = row;
    this.draw();
  }

  private rowOf(target: EventTarget | null): HTMLElement | null {
    let node = target instanceof Element ? target : null;
    while (node && node.parentElement !== this.list) node = node.parentElement;
    return node instanceof HTMLElement ? node : null;
  }

  private draw(): void {
    const wanted = new Set([this.hovered, this.focused, this.held].filter((row) => row !== null));
    for (const [row, nodes] of this.shown) {
      if (wanted.has(row) || faulty("9-buttons-stay")) continue;
      for (const node of nodes) node.remove();
      this.shown.delete(row);
    }
    for (const row of wanted) {
      if (this.shown.has(row)) continue;
      const target = this.find(row);
      if (!target) continue;
      const nodes = this.buttons(target);
      target.bubble.append(...nodes);
      this.shown.set(row, nodes);
    }
  }

  private buttons(target: Target): HTMLElement[] {
    const nodes = [this.menuButton(target)];
    if (canReact(target.message)) nodes.push(this.reactButton(target));
    return nodes;
  }

  private menuButton(target: Target): HTMLElement {
    const { message } = target;
    const old = dress().name === "g2";
    const named = message.fromMe ? menuWord(this.lang, "options") : menuWord(this.lang, "optionsOf", message.author);
    const open = (): void => {
      button.setAttribute("aria-expanded", "true");
      this.hold(target, (ended) =>
        this.acts.menu(target, button.getBoundingClientRect(), () => {
          button.setAttribute("aria-expanded", "false");
          ended();
        }),
      );
    };
    const button = h(
      "div",
      {
        "data-testid": "icon-down-context",
        "data-js-context-icon": dress().name === "unknown" ? null : "true",
        role: "button",
        tabindex: 0,
        "aria-label": old ? menuWord(this.lang, "context") : named,
        "aria-expanded": "false",
        class: chevron,
      },
      [drawing(old ? "ic-chevron-down-menu" : "ic-expand-more", 20)],
      { click: open, keydown: pressedKey(open) },
    );
    return h("div", { class: corner }, [button]);
  }

  private reactButton(target: Target): HTMLElement {
    const open = (): void => {
      const place = target.bubble.getBoundingClientRect();
      this.hold(target, (ended) => this.acts.react(target, place, ended));
    };
    const button = h(
      "div",
      {
        "data-testid": "reaction-entry-point",
        role: "button",
        tabindex: 0,
        "aria-label": menuWord(this.lang, "react"),
        class: round,
      },
      [drawing("ic-mood", 20)],
      { click: open, keydown: pressedKey(open) },
    );
    return h("div", { class: `${beside} ${target.message.fromMe ? left : right}` }, [button]);
  }

  private pressedRight(event: MouseEvent): void {
    const row = this.rowOf(event.target);
    const target = row ? this.find(row) : null;
    const inside = event.target instanceof Node && target?.bubble.contains(event.target);
    if (!target || !inside || faulty("9-no-right-click")) return;
    event.preventDefault();
    const { clientX: x, clientY: y } = event;
    this.hold(target, (ended) => this.acts.menu(target, { left: x, right: x, top: y, bottom: y }, ended));
  }

  /** Keeps the buttons of a row while something of it is open. */
  private hold({ row }: Target, open: (ended: () => void) => void): void {
    this.holds += 1;
    const own = this.holds;
    this.turn("held", row);
    open(() => {
      // What was open before ends when the next opens.
      if (this.holds === own) this.turn("held", null);
      if (document.activeElement === document.body) {
        row.querySelector<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
      }
    });
  }
}

function pressedKey(act: () => void): (event: Event) => void {
  return (event) => {
    if (!(event instanceof KeyboardEvent) || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    act();
  };
}
