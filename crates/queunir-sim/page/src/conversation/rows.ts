// The rows of a conversation in the document, with content only near the visible part.
import { h, morph } from "../dom.ts";
import { faulty } from "../fault.ts";
import type { ControlActs, Target } from "../menu/controls.ts";
import { Controls } from "../menu/controls.ts";
import type { Model } from "../model.ts";
import type { Message } from "../protocol.ts";
import { bubbleOf, drawBubble } from "./bubble.ts";
import type { Item } from "./items.ts";
import { shownKey } from "./key.ts";
import type { Drawer } from "./kinds/drawer.ts";
import { dateMarker, drawCall, drawNotice, strangerCard, typingBubble, unreadDivider } from "./notices.ts";

/** Content farther away than this is taken out of the document. */
const KEEP_PX = 4000;
/** Guess for a row that was never drawn. */
const UNDRAWN_PX = 44;
/** Rows farther away than this, each way, are not even watched: twenty thousand would cost more than all drawing. */
const WATCHED = 300;
/** Content that went too far is taken out with what follows soon: each time the whole list is laid out. */
const TAKE_OUT_MS = 250;

interface Row {
  node: HTMLElement;
  /** The node with `data-id`; absent on markers. */
  keyed: HTMLElement | null;
  holder: HTMLElement | null;
  content: Node | null;
  message: Message | null;
  look: string;
  expanded: boolean;
  /** Drawn only because it was the last one while nobody could see the page. */
  unseen: boolean;
  text: string;
  /** The last round of `show` that it was part of. */
  round: number;
}

export class Rows {
  private readonly rows = new Map<string, Row>();
  private order: Row[] = [];
  private round = 0;
  /** The date markers, from the top down, and the one that the floating date covers. */
  private dates: Row[] = [];
  private covered: Row | null = null;
  private readonly byHolder = new WeakMap<Element, Row>();
  private readonly byNode = new WeakMap<Element, Row>();
  private readonly controls: Controls;
  private readonly observer: IntersectionObserver;
  private watched = new Set<Row>();
  /** Rows with content. */
  private readonly filled = new Set<Row>();
  /** Rows whose content is too far away, with their heights. */
  private readonly far = new Map<Row, number>();
  private taking = 0;
  private readonly drawer: Drawer;
  private readonly whenVisible = (): void => {
    if (document.visibilityState === "visible") this.observeAgain();
  };

  constructor(
    private readonly model: Model,
    private readonly chat: string,
    private readonly root: HTMLElement,
    private readonly list: HTMLElement,
    private readonly grown: () => void,
    acts: Pick<Drawer, "played" | "vote" | "again">,
    menu: ControlActs,
  ) {
    this.controls = new Controls(list, model.texts.lang, (node) => this.target(node), menu);
    this.drawer = {
      ...acts,
      model,
      words: model.texts.kinds,
      keyOf: (message) => shownKey(model.chats.get(chat), message),
      changed: (message) => () => this.redraw(message.key),
    };
    this.observer = new IntersectionObserver((entries) => this.seen(entries), {
      root,
      rootMargin: `${KEEP_PX}px 0px`,
    });
    document.addEventListener("visibilitychange", this.whenVisible);
  }

  /** Makes the document show exactly these items; costs little for those that stay as they are. */
  show(items: Item[]): void {
    if (this.model.renamed.size > 0) this.rekey(items);
    this.round += 1;
    this.order = [];
    let place = this.list.firstElementChild;
    items.forEach((item, index) => {
      const row = this.rows.get(item.id) ?? this.add(item);
      row.round = this.round;
      this.order.push(row);
      if (row.node === place) place = place.nextElementSibling;
      else this.list.insertBefore(row.node, place);
      if (item.kind === "message") this.update(row, item, index === items.length - 1);
    });
    if (this.rows.size > this.order.length) this.removeFormer();
    this.watch();
    this.dates = this.order.filter((row) => row.text !== "");
  }

  private add(item: Item): Row {
    const row = this.make(item);
    this.rows.set(item.id, row);
    return row;
  }

  private removeFormer(): void {
    for (const [id, row] of this.rows) {
      if (row.round === this.round) continue;
      row.node.remove();
      this.unwatch(row);
      this.filled.delete(row);
      this.rows.delete(id);
    }
  }

  nodeOf(id: string): HTMLElement | null {
    return this.rows.get(id)?.node ?? null;
  }

  /** Watches the rows around what is visible, and no others; not while nobody can see the page. */
  watch(): void {
    if (document.visibilityState !== "visible") return;
    const at = firstBelow(this.order, this.root.scrollTop);
    const near = new Set(this.order.slice(Math.max(0, at - WATCHED), at + WATCHED).filter(({ holder }) => holder));
    for (const row of this.watched) if (!near.has(row)) this.unwatch(row);
    for (const row of near) {
      if (row.holder && !this.watched.has(row)) this.observer.observe(row.holder);
    }
    this.watched = near;
    if (!this.root.isConnected) return;
    const left = [...this.filled].filter((row) => !near.has(row));
    const heights = left.map((row) => row.holder?.getBoundingClientRect().height ?? 0);
    for (const [index, row] of left.entries()) this.takeOut(row, heights[index] ?? 0);
  }

  /** Hides the marker that the floating date covers and returns the date for that position. */
  coverDate(scrollTop: number): string {
    const next = firstBelow(this.dates, scrollTop + 24);
    const near = this.dates.slice(Math.max(0, next - 1), next + 1);
    const covered = near.find(({ node }) => Math.abs(node.offsetTop - scrollTop) < 32) ?? null;
    if (covered !== this.covered) {
      this.uncoverDates();
      this.covered = covered;
      if (covered) covered.node.style.visibility = "hidden";
    }
    return this.dates[next - 1]?.text ?? "";
  }

  uncoverDates(): void {
    if (this.covered) this.covered.node.style.visibility = "";
    this.covered = null;
  }

  close(): void {
    this.observer.disconnect();
    window.clearTimeout(this.taking);
    document.removeEventListener("visibilitychange", this.whenVisible);
  }

  /** A submitted message that got another key keeps its row. */
  private rekey(items: Item[]): void {
    for (const item of items) {
      const { id } = item;
      const former = this.model.renamed.get(id);
      const row = former ? this.rows.get(former) : undefined;
      if (!former || !row?.keyed || this.rows.has(id)) continue;
      this.rows.delete(former);
      this.rows.set(id, row);
      row.keyed.setAttribute("data-id", item.kind === "message" ? this.drawer.keyOf(item.message) : id);
      if (row.keyed.hasAttribute("data-testid")) row.keyed.setAttribute("data-testid", `conv-msg-${id}`);
    }
  }

  private make(item: Item): Row {
    const empty = {
      keyed: null,
      holder: null,
      content: null,
      message: null,
      look: "",
      expanded: false,
      unseen: false,
      text: "",
      round: 0,
    };
    if (item.kind === "date") {
      const text = this.model.clock.marker(item.at, Date.now());
      return { ...empty, node: dateMarker(text), text };
    }
    if (item.kind === "stranger") return { ...empty, node: strangerCard(this.model, item.id) };
    if (item.kind === "typing") return { ...empty, node: typingBubble(this.model) };
    if (item.kind === "unread") return { ...empty, node: unreadDivider(this.model, item.count) };
    const holder = h("div", { "data-virtualized": "true", style: `min-height: ${UNDRAWN_PX}px` }, [h("div")]);
    const keyed = h(
      "div",
      {
        "data-id": this.drawer.keyOf(item.message),
        "data-testid": `conv-msg-${item.id}`,
        tabindex: -1,
        style: "outline: none",
      },
      [holder],
    );
    const row: Row = { ...empty, node: h("div", { role: "row" }, [keyed]), keyed, holder };
    this.byHolder.set(holder, row);
    this.byNode.set(row.node, row);
    return row;
  }

  /** What can be pointed at in a row: messages, while they are drawn. */
  private target(node: HTMLElement): Target | null {
    const row = this.byNode.get(node);
    const bubble = bubbleOf(row?.content ?? null);
    return row?.message && bubble ? { row: node, message: row.message, bubble } : null;
  }

  private update(row: Row, item: Extract<Item, { kind: "message" }>, last: boolean): void {
    const fresh = row.message === null;
    const look = `${item.first} ${item.label}`;
    const same = row.message === item.message && row.look === look;
    row.message = item.message;
    row.look = look;
    const visible = document.visibilityState === "visible";
    if (!visible && row.unseen && !last) {
      this.takeOut(row, UNDRAWN_PX);
      return;
    }
    if (row.content && !same) this.drawAgain(row, row.content);
    if (!fresh || row.content) return;
    if (visible || last) this.putIn(row);
    row.unseen = !visible && last;
  }

  private draw(row: Row): HTMLElement {
    const { message } = row;
    if (!message) return h("div");
    if (message.kind === "system") return drawNotice(this.model, message);
    if (message.kind === "call") return drawCall(this.model, message);
    const [first, label] = row.look.split(" ");
    return drawBubble(this.drawer, this.model.chats.get(this.chat), message, {
      first: first === "true",
      label: label === "true",
      expanded: row.expanded,
      expand: () => {
        row.expanded = true;
        if (row.content) this.drawAgain(row, row.content);
        this.grown();
      },
    });
  }

  private redraw(key: string): void {
    const row = this.rows.get(key);
    if (row?.content) this.drawAgain(row, row.content);
    this.grown();
  }

  private drawAgain(row: Row, content: Node): void {
    row.content = morph(content, this.draw(row));
    this.controls.redrawn(row.node);
  }

  private putIn(row: Row): void {
    if (row.content || !row.holder) return;
    const content = this.draw(row);
    row.content = content;
    this.filled.add(row);
    row.holder.setAttribute("data-virtualized", "false");
    row.holder.removeAttribute("style");
    row.holder.replaceChildren(content);
  }

  private takeOut(row: Row, height: number): void {
    if (!row.content || !row.holder || faulty("3-far-rows-stay")) return;
    row.content = null;
    row.unseen = false;
    this.filled.delete(row);
    row.holder.setAttribute("data-virtualized", "true");
    row.holder.style.minHeight = `${height}px`;
    row.holder.replaceChildren(h("div"));
  }

  private unwatch(row: Row): void {
    if (row.holder) this.observer.unobserve(row.holder);
    this.far.delete(row);
    this.watched.delete(row);
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    if (document.visibilityState !== "visible") return;
    for (const entry of entries) {
      const row = this.byHolder.get(entry.target);
      if (!row || !entry.target.isConnected) continue;
      if (!entry.isIntersecting) {
        if (row.content) this.far.set(row, entry.boundingClientRect.height);
        continue;
      }
      this.far.delete(row);
      this.putIn(row);
    }
    if (this.far.size > 0 && this.taking === 0) {
      this.taking = window.setTimeout(() => this.takeFarOut(), TAKE_OUT_MS);
    }
    this.grown();
  }

  private takeFarOut(): void {
    this.taking = 0;
    if (document.visibilityState !== "visible") return;
    for (const [row, height] of this.far) this.takeOut(row, height);
    this.far.clear();
    this.grown();
  }

  private observeAgain(): void {
    for (const { holder } of this.watched) {
      if (!holder) continue;
      this.observer.unobserve(holder);
      this.observer.observe(holder);
    }
    this.watch();
  }
}

/** The position of the first row whose top lies below `top`; rows are in order from the top down. */
function firstBelow(rows: readonly Row[], top: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.node.offsetTop ?? 0) <= top) low = middle + 1;
    else high = middle;
  }
  return low;
}
