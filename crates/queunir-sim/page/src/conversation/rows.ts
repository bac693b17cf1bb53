// The rows of a conversation in the document, with content only near the visible part.
import { h, morph } from "../dom.ts";
import { faulty } from "../fault.ts";
import type { Model } from "../model.ts";
import type { Message } from "../protocol.ts";
import { drawBubble } from "./bubble.ts";
import type { Item } from "./items.ts";
import { shownKey } from "./key.ts";
import type { Drawer } from "./kinds/drawer.ts";
import { dateMarker, drawCall, drawNotice, strangerCard, typingBubble, unreadDivider } from "./notices.ts";

/** Content farther away than this is taken out of the document. */
const KEEP_PX = 4000;
/** Guess for a row that was never drawn. */
const UNDRAWN_PX = 44;

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
}

export class Rows {
  private readonly rows = new Map<string, Row>();
  private order: Row[] = [];
  private readonly byHolder = new WeakMap<Element, Row>();
  private readonly observer: IntersectionObserver;
  private readonly drawer: Drawer;
  private readonly whenVisible = (): void => {
    if (document.visibilityState === "visible") this.observeAgain();
  };

  constructor(
    private readonly model: Model,
    private readonly chat: string,
    root: HTMLElement,
    private readonly list: HTMLElement,
    private readonly grown: () => void,
    acts: Pick<Drawer, "played" | "vote" | "again">,
  ) {
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

  /** Makes the document show exactly these items. */
  show(items: Item[]): void {
    this.rekey(items);
    const wanted = new Set(items.map((item) => item.id));
    for (const [id, row] of this.rows) {
      if (wanted.has(id)) continue;
      row.node.remove();
      if (row.holder) this.observer.unobserve(row.holder);
      this.rows.delete(id);
    }
    this.order = [];
    let place = this.list.firstElementChild;
    items.forEach((item, index) => {
      const row = this.rows.get(item.id) ?? this.make(item);
      this.rows.set(item.id, row);
      this.order.push(row);
      if (row.node === place) place = place.nextElementSibling;
      else this.list.insertBefore(row.node, place);
      if (item.kind === "message") this.update(row, item, index === items.length - 1);
    });
  }

  nodeOf(id: string): HTMLElement | null {
    return this.rows.get(id)?.node ?? null;
  }

  /** Hides the marker that the floating date covers and returns the date for that position. */
  coverDate(scrollTop: number): string {
    let text = "";
    for (const row of this.order) {
      if (row.text === "") continue;
      const top = row.node.offsetTop;
      if (top <= scrollTop + 24) text = row.text;
      row.node.style.visibility = Math.abs(top - scrollTop) < 32 ? "hidden" : "";
    }
    return text;
  }

  uncoverDates(): void {
    for (const row of this.order) if (row.text !== "") row.node.style.visibility = "";
  }

  close(): void {
    this.observer.disconnect();
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
    this.observer.observe(holder);
    return row;
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
    if (row.content && !same) row.content = morph(row.content, this.draw(row));
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
        if (row.content) row.content = morph(row.content, this.draw(row));
        this.grown();
      },
    });
  }

  private redraw(key: string): void {
    const row = this.rows.get(key);
    if (row?.content) row.content = morph(row.content, this.draw(row));
    this.grown();
  }

  private putIn(row: Row): void {
    if (row.content || !row.holder) return;
    const content = this.draw(row);
    row.content = content;
    row.holder.setAttribute("data-virtualized", "false");
    row.holder.removeAttribute("style");
    row.holder.replaceChildren(content);
  }

  private takeOut(row: Row, height: number): void {
    if (!row.content || !row.holder || faulty("3-far-rows-stay")) return;
    row.content = null;
    row.unseen = false;
    row.holder.setAttribute("data-virtualized", "true");
    row.holder.style.minHeight = `${height}px`;
    row.holder.replaceChildren(h("div"));
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    if (document.visibilityState !== "visible") return;
    for (const entry of entries) {
      const row = this.byHolder.get(entry.target);
      if (!row || !entry.target.isConnected) continue;
      if (entry.isIntersecting) this.putIn(row);
      else this.takeOut(row, entry.boundingClientRect.height);
    }
    this.grown();
  }

  private observeAgain(): void {
    for (const { holder } of this.order) {
      if (!holder) continue;
      this.observer.unobserve(holder);
      this.observer.observe(holder);
    }
  }
}
