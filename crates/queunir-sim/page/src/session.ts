// Turns what the server says into the model and the screen that shows.
//
// STARTUP -> QR (not linked) -> navigation -> SYNCING -> MAIN; ANOTHER_SESSION and LOGOUT from anywhere.
import { type Prepared, upload } from "./composer/upload.ts";
import { forgetDevice, loadDevice, storeDevice } from "./device.ts";
import { panelWord } from "./locale/panels.ts";
import type { Model, Submission } from "./model.ts";
import type { Device, FromServer, Message, ToServer } from "./protocol.ts";
import { Standing } from "./screens/standing.ts";
import type { Line } from "./socket.ts";
import { crash, hang } from "./trouble.ts";

export interface Screens {
  showStartup(): void;
  showQr(code: { ref: string } | "waiting" | "idle"): void;
  showSync(percent: number): void;
  showMain(): void;
  showAnotherSession(): void;
  showLoggedOut(): void;
  showDialog(dialog: Extract<FromServer, { type: "dialog" }>, answer: (button: "ok" | "cancel") => void): void;
  showNothing(): void;
  showFull(name: string): void;
  showLinkCode(code: string): void;
  /** A short message; gives what takes it away. */
  showStarting(): () => void;
}

/** Time to read the LOGOUT screen before the page goes back to the code. */
const LOGGED_OUT_MS = 1500;

export class Session {
  private device: Device | null = null;
  private ready = false;
  private leaving = false;
  private numberAsked = false;
  private starting: (() => void) | null = null;
  /** A fault that tests ask for: submissions vanish. */
  private swallows = false;
  private readonly standing = new Standing();
  /** Files go to the server one after the other, so that their messages keep the order of their rows. */
  private uploads: Promise<void> = Promise.resolve();
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
    if (!this.ready && this.device) return;
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
        this.model.offline = false;
        this.model.tell("offline");
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
        this.standing.put("another_session");
        this.showStanding();
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
      case "screen":
        if (message.screen === "none") this.standing.clear();
        else this.standing.put(message.screen);
        this.showStanding();
        return;
      case "linkCode":
        this.screens.showLinkCode(message.code);
        return;
      case "resolved":
        this.resolved(message);
        return;
      case "hang":
        hang(message.ms);
        return;
      case "crash":
        crash();
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
      case "info":
        model.info = message;
        model.tell("info");
        return;
      case "found":
        model.found = message;
        model.tell("chats");
        return;
      case "banner":
        model.banners = [...model.banners.filter(({ id }) => id !== message.id), message];
        model.tell("banners");
        return;
      case "history":
        model.history = message.percent;
        model.tell("banners");
        model.tell("chats");
        return;
      case "olderRefused":
        model.loadingOlder = false;
        this.screens.showDialog(plain(panelWord(model.texts.lang, "olderRefused")), () => undefined);
        model.tell("older");
        return;
      case "odd":
        model.odd = { what: message.what, key: model.open?.messages.at(-1)?.key ?? "" };
        model.tell("messages");
        return;
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

  /** Shows the strongest of the screens that take the page away, or what is below them. */
  private showStanding(): void {
    const top = this.standing.top();
    if (top === "another_session") this.screens.showAnotherSession();
    else if (top === "logout") this.screens.showLoggedOut();
    else if (top) this.screens.showFull(top);
    else if (this.ready) this.screens.showMain();
    else location.reload();
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
    this.standing.put("logout");
    this.showStanding();
    setTimeout(() => location.reload(), this.model.duration(LOGGED_OUT_MS));
  }

  private becomeReady(message: Extract<FromServer, { type: "ready" }>): void {
    const { model } = this;
    this.ready = true;
    model.config = { ...model.config, ownName: message.ownName, ownPhone: message.ownPhone };
    model.chats = new Map(message.chats.map((chat) => [chat.id, chat]));
    model.offline = false;
    model.typing.clear();
    this.standing.taken();
    this.showStanding();
    model.tell("offline");
    model.tell("chats");
    if (model.selected) this.line?.send({ type: "openChat", chat: model.selected });
    this.reportFocus();
    for (const one of model.submissions.values()) this.hand(one);
    this.askForNumber();
  }

  /** The address may name somebody to write to. */
  private askForNumber(): void {
    if (this.numberAsked || location.pathname !== "/send") return;
    this.numberAsked = true;
    const phone = new URLSearchParams(location.search).get("phone") ?? "";
    this.starting = this.screens.showStarting();
    this.line?.send({ type: "resolve", phone });
  }

  private resolved(message: Extract<FromServer, { type: "resolved" }>): void {
    this.starting?.();
    this.starting = null;
    const { lang } = this.model.texts;
    if (message.chat === null) {
      const text =
        message.reached === "absent"
          ? panelWord(lang, "absentNumber", message.shown)
          : panelWord(lang, "invalidNumber");
      this.screens.showDialog(plain(text), () => undefined);
      return;
    }
    const text = new URLSearchParams(location.search).get("text");
    if (text) this.model.drafts.set(message.chat, text);
    this.openChat(message.chat);
  }

  private hand({ chat, tempId, text, file }: Submission): void {
    if (file && !file.uploaded) return;
    const attach = file?.uploaded ? { attach: { ...file.attach, upload: file.uploaded } } : {};
    this.line?.send({ type: "send", chat, tempId, text, ...attach });
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
    model.olderOnPhone = false;
    model.tell(again ? "messages" : "opened");
    this.reportFocus();
  }

  private older(message: Extract<FromServer, { type: "messages" }>): void {
    const { model } = this;
    if (message.chat !== model.open?.chat) return;
    model.addMessages(message.messages, message.atStart);
    model.olderOnPhone = message.onPhone === true;
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
    if (this.model.selected === chat) {
      this.model.tell("focus");
      return;
    }
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

  /** Asks for older messages; `ask` means that the phone is asked too. */
  loadOlder(ask = false): void {
    const { open } = this.model;
    const first = open?.messages[0];
    if (!open || !first || open.atStart || this.model.loadingOlder || this.model.history !== null) return;
    const wish = { type: "loadOlder", chat: open.chat, beforeKey: first.key, count: 40 } as const;
    const sent = this.line?.send(ask ? { ...wish, ask } : wish);
    this.model.loadingOlder = sent === true;
    this.model.tell("older");
  }

  /** Sends what needs no answer of its own. */
  tell(message: ToServer): void {
    if (this.ready) this.line?.send(message);
  }

  reportTyping(chat: string, on: boolean): void {
    if (this.ready) this.line?.send({ type: "typing", chat, on });
  }

  send(chat: string, text: string): void {
    if (this.swallows) return;
    this.submit({ chat, tempId: freshKey(), text, at: Date.now() });
  }

  sendFile(chat: string, text: string, file: Prepared): void {
    if (this.swallows) return;
    const submission = { chat, tempId: freshKey(), text, at: Date.now(), file: { ...file, uploaded: null } };
    this.model.submit(submission);
    this.handIn(submission);
  }

  /** Tries once more to hand in the file of a submission. */
  uploadAgain(tempId: string): void {
    const submission = this.model.submissions.get(tempId);
    if (submission) this.handIn(submission);
  }

  private submit(submission: Submission): void {
    this.model.submit(submission);
    this.hand(submission);
  }

  private handIn(submission: Submission): void {
    this.uploads = this.uploads.then(async () => {
      const { chat, tempId, file } = submission;
      if (!file) return;
      this.model.changeMessage(chat, tempId, { upload: "pending" });
      file.uploaded = await upload(file.bytes);
      this.model.changeMessage(chat, tempId, { upload: file.uploaded ? null : "refused" });
      this.hand(submission);
    });
  }
}

/** A key as the web client makes them. */
function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return `3EB0${hex.join("").toUpperCase()}`;
}

/** A dialog with one button. */
function plain(text: string): Extract<FromServer, { type: "dialog" }> {
  return { type: "dialog", id: "", title: null, text, ok: "OK", cancel: null, confirm: true };
}

/** The part of an older reading that lies before the first message of the new one. */
function keptBefore(before: Message[], now: Message[]): Message[] {
  const first = now[0]?.key;
  const index = before.findIndex((message) => message.key === first);
  return index > 0 ? before.slice(0, index) : [];
}
