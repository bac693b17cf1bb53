// What floats over the page beside something: menus and trays. One at a time; a press elsewhere, Escape or a scroll ends it.
import { css } from "../atoms.ts";
import { h } from "../dom.ts";

const floating = css("position: fixed; z-index: 60");
const GAP_PX = 6;
const EDGE_PX = 8;

let current: (() => void) | null = null;

/** Where something floats: beside a rectangle, or at a point. */
export interface Place {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Puts `content` beside `place`; `ended` is called once when it goes. The returned function takes it away. */
export function openLayer(
  content: HTMLElement,
  place: Place,
  side: "above" | "below",
  ended: () => void = () => undefined,
): () => void {
  current?.();
  const node = h("div", { class: floating }, [h("div", { "data-menu-content": "true" }, [content])]);
  const outside = (event: Event): boolean => !(event.target instanceof Node && node.contains(event.target));
  const pressed = (event: Event): void => {
    if (outside(event)) close();
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const close = (): void => {
    if (current !== close) return;
    current = null;
    document.removeEventListener("mousedown", pressed, true);
    document.removeEventListener("scroll", pressed, true);
    document.removeEventListener("keydown", keyed, true);
    node.remove();
    ended();
  };
  current = close;
  document.querySelector("#app .app-wrapper-web")?.append(node);
  const { width, height } = node.getBoundingClientRect();
  const above = place.top - height - GAP_PX;
  const below = place.bottom + GAP_PX;
  const fitsBelow = below + height < window.innerHeight - EDGE_PX;
  const top = side === "above" ? (above > EDGE_PX ? above : below) : fitsBelow ? below : above;
  node.style.top = `${clamp(top, window.innerHeight - height)}px`;
  node.style.left = `${clamp(place.left, window.innerWidth - width)}px`;
  document.addEventListener("mousedown", pressed, true);
  document.addEventListener("scroll", pressed, true);
  document.addEventListener("keydown", keyed, true);
  return close;
}

/** Takes away whatever floats now. */
export function closeLayer(): void {
  current?.();
}

function clamp(value: number, most: number): number {
  return Math.max(EDGE_PX, Math.min(value, most - EDGE_PX));
}
