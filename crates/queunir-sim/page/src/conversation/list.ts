// The scrolling messages: rows whose far content is taken out, older ones at the top, the way back to the end.
import { column, css } from "../atoms.ts";
import { h, put } from "../dom.ts";
import { dress } from "../generation.ts";
import { drawing } from "../icons.ts";
import { panelWord } from "../locale/panels.ts";
import { MessageMenu } from "../menu/message-menu.ts";
import type { Model } from "../model.ts";
import type { Message } from "../protocol.ts";
import type { Session } from "../session.ts";
import { dividerFor, type Item, itemsOf } from "./items.ts";
import { Rows } from "./rows.ts";

/** Closer to the top than this and older messages are asked for. */
const LOAD_BELOW_PX = 300;
/** After a fruitless try the position must have been below this once. */
const RETRY_ABOVE_PX = 80;
const CHECK_MS = 100;
/** Closer to the end than this counts as being at the end. */
const NEAR_END_PX = 72;
const FLOATING_DATE_MS = 1500;

const bodyBox = css("position: relative; flex: 1 1 0; min-height: 0");
const area = css("position: absolute; inset: 0; overflow: hidden");
const scrollerBox = `${column} ${css("height: 100%; overflow-y: auto; overflow-x: hidden; overflow-anchor: none; outline: none")}`;
const grow = css("flex: 1 1 auto; min-height: 12px");
const floating = css(
  "position: absolute; top: 8px; left: 0; right: 0; display: flex; justify-content: center; z-index: 2; pointer-events: none; transition: opacity .2s",
);
const floatingPill = css(
  "background: rgba(255, 255, 255, 0.95); border-radius: 8px; padding: 5px 12px; font-size: 12.5px; color: #54656f; box-shadow: 0 1px 0.5px rgba(11, 20, 26, 0.13)",
);
// Over the rows and not among them: what comes and goes there would move every row of a long history twice.
const spinner = css(
  "position: absolute; top: 14px; left: calc(50% - 14px); z-index: 1; width: 28px; height: 28px; border-radius: 50%; border: 3px solid #d1d7db; border-top-color: #1daa61",
);
const olderNote = css("text-align: center; color: rgba(0, 0, 0, 0.6); font-size: 13px; padding: 10px");
const olderButton = css("background: #fff; border-radius: 8px; padding: 6px 14px; margin: 10px auto; color: #1b8755");
const jump = css(
  "position: absolute; right: 18px; bottom: 16px; width: 42px; height: 42px; border-radius: 50%; background: #fff; box-shadow: 0 1px 3px rgba(0, 0, 0, 0.3); display: flex; align-items: center; justify-content: center; color: #54656f",
);
const jumpCount = css(
  "position: absolute; top: -8px; left: -6px; min-width: 20px; height: 20px; border-radius: 10px; background: #1daa61; color: #fff; font-size: 12px; line-height: 20px",
);

export class MessageList {
  readonly node: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly list = h("div", {
    "data-tab": 8,
    role: dress().name === "g2" ? "application" : null,
    tabindex: -1,
    class: css("padding-bottom: 8px"),
  });
  private readonly top = h("div", { class: css("position: relative") });
  private readonly date = h("div", { class: floating, style: "opacity: 0" });
  private readonly bottom = h("div");
  private readonly rows: Rows;
  private readonly divider: { key: string; count: number } | null;
  private readonly resize: ResizeObserver;
  private atEnd = true;
  /** The position that was seen or set last. */
  private lastTop = 0;
  private latched = false;
  private checking = 0;
  private fading = 0;
  private fresh = 0;
  private firstKey: string | undefined;
  private lastKey: string | undefined;

  constructor(
    private readonly model: Model,
    private readonly session: Session,
    private readonly chat: string,
  ) {
    const open = model.open;
    this.divider = dividerFor(open?.messages ?? [], open?.unread ?? 0);
    this.scroller = h(
      "div",
      {
        "data-testid": "conversation-panel-messages",
        "data-scrolltracepolicy": "wa.web.conversation.messages",
        tabindex: 0,
        class: scrollerBox,
      },
      [h("div", { class: grow }), this.top, this.list],
    );
    this.rows = new Rows(
      model,
      chat,
      this.scroller,
      this.list,
      () => this.keepAtEnd(),
      {
        played: (message) => session.tell({ type: "play", chat, key: message.key }),
        again: (message) => session.uploadAgain(message.key),
        vote: (message, option) => session.tell({ type: "vote", chat, key: message.key, option }),
      },
      new MessageMenu(model, session, chat),
    );
    this.node = h("div", { "data-testid": "conversation-panel-body", class: bodyBox }, [
      h("div", { class: `copyable-area ${area}` }, [this.date, this.scroller, this.bottom]),
    ]);
    this.scroller.addEventListener("scroll", () => this.scrolled());
    this.resize = new ResizeObserver(() => this.keepAtEnd());
    this.resize.observe(this.scroller);
    this.draw();
  }

  /** The node is in the document: go to the divider or the end. */
  opened(): void {
    const mark = this.divider ? this.rows.nodeOf("unread") : null;
    this.scroller.scrollTop = mark ? Math.max(0, mark.offsetTop - 100) : this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
    this.atEnd = this.distance() < NEAR_END_PX;
    this.check();
  }

  /** Messages came at the end or changed. */
  changed(): void {
    const messages = this.messages();
    const last = messages.at(-1);
    if (last && last.key !== this.lastKey && !last.fromMe && !this.atEnd) this.fresh += 1;
    this.draw();
    this.keepAtEnd();
    this.drawJump();
  }

  /** Somebody began to type or stopped. */
  typing(): void {
    if (!this.model.config.typingBubble) return;
    this.draw();
    this.keepAtEnd();
  }

  /** Loading of older messages began or ended; the first common message stays where it was. */
  older(): void {
    if (this.model.loadingOlder) {
      this.drawTop();
      return;
    }
    const before = this.firstKey;
    const anchor = before ? this.rows.nodeOf(before) : null;
    const offset = anchor ? anchor.offsetTop - this.scroller.scrollTop : 0;
    this.draw();
    if (anchor?.isConnected) this.scroller.scrollTop = anchor.offsetTop - offset;
    const came = this.firstKey !== before;
    if (!came && !this.model.open?.atStart) this.latched = true;
    if (came) this.check();
  }

  /** More of the history has come, or all of it. */
  synced(): void {
    this.draw();
    this.check();
  }

  /** Scrolls to a message, if it is loaded. */
  goTo(key: string): void {
    this.rows.nodeOf(key)?.scrollIntoView({ block: "center" });
  }

  /** Scrolls to the newest message. */
  toEnd(): void {
    this.atEnd = true;
    this.fresh = 0;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
    this.drawJump();
  }

  close(): void {
    this.rows.close();
    this.resize.disconnect();
    window.clearTimeout(this.checking);
    window.clearTimeout(this.fading);
  }

  private messages(): Message[] {
    return this.model.open?.chat === this.chat ? this.model.open.messages : [];
  }

  private draw(): void {
    const messages = this.messages();
    const items: Item[] = itemsOf(messages, this.model.clock, this.divider, {
      stranger: this.isStranger(messages),
      typing: this.model.config.typingBubble === true && this.model.typing.has(this.chat),
    });
    this.rows.show(items);
    this.oddRow();
    this.firstKey = messages[0]?.key;
    this.lastKey = messages.at(-1)?.key;
    this.drawTop();
  }

  /** A spinner while older messages come, or what says that they are not here, or the button that asks the phone. */
  private drawTop(): void {
    const { loadingOlder, olderOnPhone } = this.model;
    const syncing = this.model.history !== null && !this.model.open?.atStart;
    put(this.top, `${loadingOlder} ${syncing} ${olderOnPhone}`, () => {
      if (loadingOlder) return [h("div", { role: "progressbar", class: spinner })];
      const { lang } = this.model.texts;
      if (syncing) return [h("div", { class: olderNote }, panelWord(lang, "olderSyncing"))];
      if (!olderOnPhone) return [];
      const ask = { click: () => this.session.loadOlder(true) };
      return [h("button", { type: "button", class: olderButton }, panelWord(lang, "olderButton"), ask)];
    });
  }

  /** Whether somebody unknown wrote, and nobody here has answered. */
  private isStranger(messages: Message[]): boolean {
    const chat = this.model.chats.get(this.chat);
    if (!this.model.config.strangerCard) return false;
    return chat?.kind === "contact" && !chat.saved && !messages.some((message) => message.fromMe);
  }

  /** Trouble: the last row once more, or a row that nobody expects. */
  private oddRow(): void {
    this.list.querySelector("[data-odd]")?.remove();
    const { odd } = this.model;
    const row = odd ? this.rows.nodeOf(odd.key) : null;
    if (!odd || !row) return;
    const copy =
      odd.what === "duplicate"
        ? (row.cloneNode(true) as HTMLElement)
        : h("div", { role: "row" }, [
            h("section", { "data-id": `${odd.key}X` }, [h("article", {}, [h("p", {}, "▒▒▒")])]),
          ]);
    copy.setAttribute("data-odd", odd.what);
    row.after(copy);
  }

  private distance(): number {
    return this.scroller.scrollHeight - this.scroller.clientHeight - this.scroller.scrollTop;
  }

  private keepAtEnd(): void {
    // Somebody scrolled and the event is on its way: not at the end any more.
    if (!this.atEnd || this.scroller.scrollTop < this.lastTop - 1) return;
    if (this.distance() > 0) this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
  }

  private scrolled(): void {
    this.lastTop = this.scroller.scrollTop;
    this.atEnd = this.distance() < NEAR_END_PX;
    if (this.atEnd) this.fresh = 0;
    this.drawJump();
    this.drawDate();
    this.rows.watch();
    if (this.checking) return;
    this.checking = window.setTimeout(() => {
      this.checking = 0;
      this.check();
    }, CHECK_MS);
  }

  private check(): void {
    const { scrollTop } = this.scroller;
    if (scrollTop > RETRY_ABOVE_PX) this.latched = false;
    if (scrollTop < LOAD_BELOW_PX && !this.latched && !this.model.olderOnPhone) this.session.loadOlder();
  }

  private drawJump(): void {
    const words = this.model.texts.conversation.scrollToBottom;
    put(this.bottom, `${this.atEnd} ${this.fresh}`, () => {
      if (this.atEnd) return [];
      const count = this.fresh ? h("span", { class: jumpCount }, String(this.fresh)) : null;
      const shown = [drawing("ic-expand-more", 22), count];
      const toEnd = { click: () => this.toEnd() };
      return [h("button", { type: "button", "data-tab": 7, "aria-label": words, class: jump }, shown, toEnd)];
    });
  }

  /** The floating copy of the date above what is visible; a marker under it is hidden meanwhile. */
  private drawDate(): void {
    const text = this.rows.coverDate(this.scroller.scrollTop);
    const pill = (): HTMLElement => h("div", { class: floatingPill }, [h("span", { dir: "auto" }, text)]);
    put(this.date, text, () => (text ? [pill()] : []));
    const opacity = text ? "1" : "0";
    if (this.date.style.opacity !== opacity) this.date.style.opacity = opacity;
    window.clearTimeout(this.fading);
    this.fading = window.setTimeout(() => {
      this.date.style.opacity = "0";
      put(this.date, "", () => []);
      this.rows.uncoverDates();
    }, FLOATING_DATE_MS);
  }
}
