// The right side: the intro when no chat is open, else the conversation; the former one stays until the next is drawn.
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { drawing } from "../icons.ts";
import type { Model } from "../model.ts";
import type { Session } from "../session.ts";
import { conversationPanel, type Panel } from "./panel.ts";

const full = css("height: 100%");
const introBox = `${column} ${css("height: 100%; align-items: center; justify-content: center; gap: 14px; background: #f7f5f3; color: rgba(0, 0, 0, 0.6); text-align: center")}`;

export class ConversationArea {
  readonly node = h("div", { class: full });
  private panel: Panel | null = null;

  constructor(
    private readonly model: Model,
    private readonly session: Session,
  ) {
    model.on("opened", () => this.draw());
    this.draw();
  }

  private draw(): void {
    this.panel?.close();
    this.panel = null;
    const chat = this.model.open ? this.model.chats.get(this.model.open.chat) : undefined;
    if (!chat) {
      this.node.replaceChildren(this.intro());
      return;
    }
    this.panel = conversationPanel(this.model, this.session, chat.id);
    this.node.replaceChildren(this.panel.node);
    this.panel.opened();
  }

  private intro(): HTMLElement {
    const words = this.model.texts.intro;
    return h("div", { "data-testid": "intro-panel", class: introBox }, [
      h("div", { class: css("color: #b8b3ab") }, [drawing("ic-chat", 120)]),
      h("h1", { class: css("font-size: 32px; font-weight: 300; color: #41525d") }, words.title),
      h("div", {}, words.body),
      h("div", { class: `${row} ${css("gap: 6px; font-size: 13px; margin-top: 60px")}` }, [
        drawing("ic-lock", 14),
        words.encrypted,
      ]),
    ]);
  }
}
