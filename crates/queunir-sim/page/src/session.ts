// Turns what the server says into the model and the screen that shows.
//
// STARTUP -> QR (not linked) -> navigation -> SYNCING -> MAIN; ANOTHER_SESSION and LOGOUT from anywhere.
import { forgetDevice, loadDevice, storeDevice } from "./device.ts";
import type { Model } from "./model.ts";
import type { Device, FromServer, Message } from "./protocol.ts";
import type { Line } from "./socket.ts";

export interface Screens {
  showStartup(): void;
  showQr(code: { ref: string } | "waiting" | "idle"): void;
  showSync(percent: number): void;
  showMain(): void;
  showAnotherSession(): void;
  showLoggedOut(): void;
  showDialog(dialog: Extract<FromServer, { type: "dialog" }>, answer: (button: "ok" | "cancel") => void): void;
  showNothing(): void;
}

/** Time to read the LOGOUT screen before the page goes back to the code. */
const LOGGED_OUT_MS = 1500;

export class Session {
  private device: Device | null = null;
  private ready = false;
  private leaving = false;
  /** A fault that tests ask for: submissions vanish. */
  private swallows = false;
  line: Line | null = null;

  constructor(
    private readonly model: Model,
    private readonly screens: Screens,
  ) {}

  async load(): Promise<void> {
    this.device = await loadDevice();
  }

  opened(): void {
    this.line?.send({
      type: "hello",
      device: this.device,
      locale: new URLSearchParams(location.search).get("locale"),
      userAgent: navigator.userAgent,
      visible: document.visibilityState === "visible",
    });
  }

  closed(): void {
    if (!this.ready) return;
    this.model.offline = true;
    this.model.tell("offline");
  }

  message(message: FromServer): void {
    if (this.leaving) return;
    switch (message.type) {
      case "config":
        this.model.configure(message);
        document.documentElement.lang = this.model.texts.lang;
        if (this.ready) return;
        if (this.device) this.screens.showStartup();
        else this.screens.showQr("waiting");
        return;
      case "qr":
        this.screens.showQr({ ref: message.ref });
        return;
      case "qrIdle":
        this.screens.showQr("idle");
        return;
      case "paired":
        void this.paired(message.device);
        return;
      case "sync":
        if (!this.ready) this.screens.showSync(message.percent);
        return;
      case "ready":
        this.becomeReady(message);
        return;
      case "anotherSession":
        this.screens.showAnotherSession();
        return;
      case "loggedOut":
        void this.loggedOut();
        return;
      case "speed":
        this.model.config = { ...this.model.config, speed: message.speed };
        return;
      case "offline":
        this.model.offline = message.on;
        this.model.tell("offline");
        return;
      case "dialog":
        this.screens.showDialog(message, (button) => this.line?.send({ type: "dialogClosed", id: message.id, button }));
        return;
      case "hang":
        hang(message.ms);
        return;
      case "blank":
        this.screens.showNothing();
        return;
      case "swallow":
        this.swallows = true;
        return;
      default:
        this.push(message);
    }
  }

  private push(message: FromServer): void {
    const { model } = this;
    switch (message.type) {
      case "chat":
        model.chats.set(message.chat.id, message.chat);
        model.tell("chats");
        model.tell("header");
        return;
      case "chatGone":
        model.chats.delete(message.chat);
        model.tell("chats");
        return;
      case "messages":
        if (message.reason === "open") this.opens(message);
        else this.older(message);
        return;
      case "message":
        model.upsertMessage(message.chat, message.message);
        return;
      case "rekey":
        model.rekey(message.chat, message.tempId, message.key, message.at);
        return;
      case "ack":
        model.changeMessage(message.chat, message.key, { ack: message.ack });
        return;
      case "typing":
        if (message.on) model.typing.set(message.chat, message.author);
        else model.typing.delete(message.chat);
        model.tell("chats");
        model.tell("header");
        return;
      case "presence":
        model.presence.set(message.chat, { state: message.state, at: message.at });
        model.tell("header");
        return;
      default:
    }
  }

  private async paired(device: Device): Promise<void> {
    this.leaving = true;
    try {
      await storeDevice(device);
    } finally {
      location.reload();
    }
  }

  private async loggedOut(): Promise<void> {
    this.leaving = true;
    await forgetDevice();
    this.screens.showLoggedOut();
    setTimeout(() => location.reload(), this.model.duration(LOGGED_OUT_MS));
  }

  private becomeReady(message: Extract<FromServer, { type: "ready" }>): void {
    const { model } = this;
    this.ready = true;
    model.config = { ...model.config, ownName: message.ownName, ownPhone: message.ownPhone };
    model.chats = new Map(message.chats.map((chat) => [chat.id, chat]));
    model.offline = false;
    model.typing.clear();
    this.screens.showMain();
    model.tell("offline");
    model.tell("chats");
    if (model.selected) this.line?.send({ type: "openChat", chat: model.selected });
    this.reportFocus();
    for (const { chat, tempId, text } of model.submissions.values())
      this.line?.send({ type: "send", chat, tempId, text });
  }

  private opens(message: Extract<FromServer, { type: "messages" }>): void {
    const { model } = this;
    if (message.chat !== model.selected) return;
    const known = new Set(message.messages.map(({ key }) => key));
    const waiting: Message[] = [...model.submissions.values()]
      .filter((one) => one.chat === message.chat && !known.has(one.tempId))
      .map((one) => model.drawnSubmission(one));
    const again = model.open?.chat === message.chat ? model.open : null;
    const older = again ? keptBefore(again.messages, message.messages) : [];
    model.open = {
      chat: message.chat,
      messages: [...older, ...message.messages, ...waiting],
      atStart: older.length > 0 && again ? again.atStart : message.atStart,
      unread: again ? again.unread : (message.unread ?? 0),
    };
    model.loadingOlder = false;
    model.tell(again ? "messages" : "opened");
    this.reportFocus();
  }

  private older(message: Extract<FromServer, { type: "messages" }>): void {
    const { model } = this;
    if (message.chat !== model.open?.chat) return;
    model.addMessages(message.messages, message.atStart);
    model.loadingOlder = false;
    model.tell("older");
  }

  /** Tells the server which chat a person is looking at, for read receipts. */
  reportFocus(): void {
    if (!this.ready) return;
    const chat = document.hasFocus() ? (this.model.open?.chat ?? null) : null;
    this.line?.send({ type: "focus", chat, visible: document.visibilityState === "visible" });
  }

  openChat(chat: string): void {
    if (this.model.selected === chat) return;
    this.model.selected = chat;
    this.line?.send({ type: "openChat", chat });
    this.model.tell("chats");
  }

  leaveChat(): void {
    if (!this.model.selected) return;
    this.model.selected = null;
    this.model.open = null;
    this.line?.send({ type: "leaveChat" });
    this.reportFocus();
    this.model.tell("opened");
    this.model.tell("chats");
  }

  loadOlder(): void {
    const { open } = this.model;
    const first = open?.messages[0];
    if (!open || !first || open.atStart || this.model.loadingOlder) return;
    const sent = this.line?.send({ type: "loadOlder", chat: open.chat, beforeKey: first.key, count: 40 });
    this.model.loadingOlder = sent === true;
    this.model.tell("older");
  }

  reportTyping(chat: string, on: boolean): void {
    if (this.ready) this.line?.send({ type: "typing", chat, on });
  }

  send(chat: string, text: string): void {
    if (this.swallows) return;
    const bytes = crypto.getRandomValues(new Uint8Array(9));
    const tempId = `3EB0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
      .join("")
      .toUpperCase()}`;
    this.model.submit({ chat, tempId, text, at: Date.now() });
    this.line?.send({ type: "send", chat, tempId, text });
  }
}

/** Keeps the renderer busy, as a fault that tests ask for. */
function hang(ms: number): void {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

/** The part of an older reading that lies before the first message of the new one. */
function keptBefore(before: Message[], now: Message[]): Message[] {
  const first = now[0]?.key;
  const index = before.findIndex((message) => message.key === first);
  return index > 0 ? before.slice(0, index) : [];
}
