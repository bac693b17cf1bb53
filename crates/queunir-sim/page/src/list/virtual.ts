// The virtualised grid: absolutely placed rows, thirty more than visible each way, nothing clickable while it scrolls.
import { css } from "../atoms.ts";
import { type Attributes, h, morph } from "../dom.ts";
import { faulty } from "../fault.ts";
import { dress, keepsAttribute } from "../generation.ts";

const placed = css("position: absolute; width: 100%");

/** Rows drawn beyond the visible ones, above and below. */
const OVERSCAN = 30;
/** After the last scroll event rows take clicks again. */
const SETTLE_MS = 150;
const REORDER_MS = 200;

export interface Item {
  id: string;
  height: number;
  /** Equal stamps mean an equal drawing. */
  stamp(): string;
  draw(): HTMLElement;
}

interface Mounted {
  node: HTMLElement;
  content: Node;
  stamp: string;
  offset: number;
}

export class VirtualGrid {
  readonly scroller: HTMLElement;
  private readonly grid: HTMLElement;
  private items: Item[] = [];
  private offsets: number[] = [];
  private readonly mounted = new Map<string, Mounted>();
  private settle = 0;
  private pending = 0;

  /** `drawDelay` is how long the page takes to draw rows it scrolls to. */
  constructor(
    label: string,
    scroller: Attributes,
    private readonly drawDelay: () => number,
    private readonly role: "row" | "listitem" = "row",
  ) {
    this.grid = h("div", {
      role: role === "row" ? "grid" : "list",
      "aria-label": label,
      "aria-rowcount": 0,
      style: "position: relative; width: 100%; height: 0px;",
    });
    const list = h(
      "div",
      { "data-testid": role === "row" ? "chat-list" : null, tabindex: 0, style: "outline: none;" },
      [this.grid],
    );
    this.scroller = h("div", scroller, [list]);
    this.scroller.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.render(false)).observe(this.scroller);
  }

  setItems(items: Item[]): void {
    const moved = this.items.length > 0;
    this.items = items;
    this.offsets = [];
    let top = 0;
    for (const item of items) {
      this.offsets.push(top);
      top += item.height;
    }
    this.countRows();
    this.grid.style.height = `${top}px`;
    this.render(moved);
  }

  /** Draws one row again, for instance because the pointer is over it. */
  redraw(id: string): void {
    const row = this.mounted.get(id);
    const item = this.items.find((one) => one.id === id);
    if (row && item) row.content = morph(row.content, item.draw());
  }

  private countRows(): void {
    if (!keepsAttribute("aria-rowcount")) return;
    const count = faulty("2-rowcount-drawn") ? Math.min(60, this.items.length) : this.items.length;
    this.grid.setAttribute("aria-rowcount", String(count));
  }

  private scrolled(): void {
    if (!faulty("2-clickable-while-scrolling")) this.grid.style.pointerEvents = "none";
    window.clearTimeout(this.settle);
    this.settle = window.setTimeout(() => {
      this.grid.style.pointerEvents = "auto";
    }, SETTLE_MS);
    if (this.pending) return;
    this.pending = window.setTimeout(() => {
      this.pending = 0;
      this.render(false);
    }, this.drawDelay());
  }

  private window(): [number, number] {
    const top = this.scroller.scrollTop;
    const bottom = top + Math.max(this.scroller.clientHeight, 1);
    let first = this.offsets.findIndex((offset, index) => offset + (this.items[index]?.height ?? 0) > top);
    if (first < 0) first = Math.max(0, this.items.length - 1);
    let last = first;
    while (last < this.items.length && (this.offsets[last] ?? 0) < bottom) last += 1;
    return [Math.max(0, first - OVERSCAN), Math.min(this.items.length, last + OVERSCAN)];
  }

  private render(animate: boolean): void {
    const [first, last] = this.window();
    const wanted = new Set(this.items.slice(first, last).map((item) => item.id));
    for (const [id, row] of this.mounted) {
      if (wanted.has(id)) continue;
      row.node.remove();
      this.mounted.delete(id);
    }
    let next: HTMLElement | null = null;
    for (let index = last - 1; index >= first; index -= 1) {
      const item = this.items[index];
      if (!item) continue;
      next = this.place(item, index, first, next, animate);
    }
  }

  private place(item: Item, index: number, first: number, next: HTMLElement | null, animate: boolean): HTMLElement {
    const offset = this.offsets[index] ?? 0;
    let row = this.mounted.get(item.id);
    if (!row) {
      const content = item.draw();
      row = { node: this.frame(content), content, stamp: item.stamp(), offset };
      this.mounted.set(item.id, row);
      this.grid.insertBefore(row.node, next?.parentNode === this.grid ? next : null);
    } else {
      const stamp = item.stamp();
      if (row.stamp !== stamp) row.content = morph(row.content, item.draw());
      row.stamp = stamp;
      if (animate && row.offset !== offset) this.slide(row.node);
    }
    row.offset = offset;
    const { node } = row;
    if (keepsAttribute("data-testid")) {
      node.setAttribute("data-testid", `list-item-${faulty("2-index-of-list") ? index : index - first}`);
    }
    node.style.zIndex = String(this.items.length - index);
    if (!node.style.transition) node.style.transition = "none 0s ease 0s";
    node.style.height = `${item.height}px`;
    node.style.transform = `translateY(${offset}px)`;
    return node;
  }

  /** The row's own element; the generation before had the list's role outside and the row's inside. */
  private frame(content: Node): HTMLElement {
    if (this.role === "listitem" || dress().name !== "g2")
      return h("div", { role: this.role, class: placed }, [content]);
    return h("div", { role: "listitem", class: placed }, [
      h("div", { role: "row", class: css("height: 100%") }, [content]),
    ]);
  }

  private slide(node: HTMLElement): void {
    node.style.transition = "transform 200ms ease-in-out";
    setTimeout(() => {
      node.style.transition = "none 0s ease 0s";
    }, REORDER_MS);
  }
}
