// One open conversation: header, messages, composer.
import { column, css } from "../atoms.ts";
import { composer } from "../composer/composer.ts";
import { h } from "../dom.ts";
import type { Model } from "../model.ts";
import type { Session } from "../session.ts";
import { header } from "./header.ts";
import { infoPanel } from "./info.ts";
import { MessageList } from "./list.ts";
import { pinBanner } from "./pins.ts";

export interface Panel {
  node: HTMLElement;
  /** Called once the node is in the document. */
  opened(): void;
  close(): void;
}

const wallpaper =
  "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='120' height='120' fill='none' stroke='%23e6dfd5' stroke-width='2'%3E%3Ccircle cx='22' cy='24' r='10'/%3E%3Cpath d='M64 14l10 18H54zM96 60h14v14H96zM20 78q10-16 20 0t20 0M70 100l8-12 8 12-8 10z'/%3E%3C/svg%3E\")";
const main = `${column} ${css("height: 100%; flex: 1 1 0; min-width: 0; position: relative; background-color: #f5f1eb")} ${css(`background-image: ${wallpaper}`)}`;

/** Builds the conversation of a chat whose first messages are in the model. */
export function conversationPanel(model: Model, session: Session, chat: string): Panel {
  const head = header(model, chat, () => toggleInfo());
  const list = new MessageList(model, session, chat);
  const newFoot = () =>
    composer(
      model,
      session,
      chat,
      () => node,
      () => list.toEnd(),
    );
  const mayWrite = () => model.chats.get(chat)?.writable ?? false;
  let writable = mayWrite();
  let foot = newFoot();
  /** Whoever gets or loses the right to write sees it at once. */
  const followRights = (): void => {
    if (writable === mayWrite()) return;
    writable = mayWrite();
    const old = foot;
    foot = newFoot();
    old.node.replaceWith(foot.node);
    old.close();
  };
  const stop = [
    model.on("header", () => head.update()),
    model.on("header", () => list.typing()),
    model.on("messages", () => list.changed()),
    model.on("older", () => list.older()),
    model.on("banners", () => list.synced()),
    model.on("chats", followRights),
    model.on("focus", () => foot.focus()),
    model.on("info", () => drawInfo()),
  ];
  let infoNode: HTMLElement | null = null;
  const closeInfo = (): void => {
    infoNode?.remove();
    infoNode = null;
  };
  const drawInfo = (): void => {
    const row = model.chats.get(chat);
    if (!infoNode || !row) return;
    const info = model.info?.chat === chat ? model.info : null;
    const next = infoPanel(model, row, info, closeInfo);
    infoNode.replaceWith(next);
    infoNode = next;
  };
  const toggleInfo = (): void => {
    if (infoNode) {
      closeInfo();
      return;
    }
    model.info = null;
    infoNode = h("div");
    outer.append(infoNode);
    drawInfo();
    session.tell({ type: "info", chat });
  };
  const pins = pinBanner(model, chat, {
    goTo: (key) => list.goTo(key),
    unpin: (key) => session.act(chat, key, { do: "unpin" }),
  });
  const node = h("div", { id: "main", "data-testid": "conversation-panel-wrapper", class: main }, [
    head.node,
    pins.node,
    list.node,
    foot.node,
  ]);
  const outer = h("div", { class: css("display: flex; height: 100%; width: 100%") }, [node]);
  return {
    node: outer,
    opened() {
      list.opened();
      foot.focus();
    },
    close() {
      for (const end of stop) end();
      head.close();
      pins.close();
      list.close();
      foot.close();
    },
  };
}
