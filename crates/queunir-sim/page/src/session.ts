// One page of a device, from its first word to the server until it is logged out, and what a person does in it.
//
// STARTUP -> QR (not linked) -> navigation -> SYNCING -> MAIN; ANOTHER_SESSION and LOGOUT from anywhere.
import type { Prepared } from "./composer/upload.ts";
import { forgetDevice, loadDevice, storeDevice } from "./device.ts";
import { type MenuWord, menuWord } from "./locale/menu.ts";
import { panelWord } from "./locale/panels.ts";
import type { Model } from "./model.ts";
import { freshKey, Outbox } from "./outbox.ts";
import type { Device, FromServer, OnMessage, ToServer } from "./protocol.ts";
import type { Screens } from "./screens/screens.ts";
import { Standing } from "./screens/standing.ts";
import { showToast } from "./screens/toast.ts";
import type { Line } from "./socket.ts";
import { suffer } from "./trouble.ts";
import { update } from "./updates.ts";

/** How long a toast stays. */
const TOAST_MS = 4000;
/** Time to read the LOGOUT screen before the page goes back to the code. */
const LOGGED_OUT_MS = 1500;

export class Session {
  private device: Device | null = null;
  private ready = false;
  private leaving = false;
  private numberAsked = false;
  private starting: (() => void) | null = null;
  /** Acts that the server has not answered. */
  private readonly acting = new Map<string, OnMessage>();
  private readonly standing = new Standing();
  private readonly outbox: Outbox;
  line: Line | null = null;

  constructor(
    private readonly model: Model,
    private readonly screens: Screens,
  ) {
    this.outbox = new Outbox(model, (message) => this.line?.send(message));
  }

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
        this.configured(message);
        return;
      case "speed":
        this.model.config = { ...this.model.config, speed: message.speed };
        return;
      case "qr":
        this.screens.showQr({ ref: message.ref });
        return;
      case "qrIdle":
        this.screens.showQr("idle");
        return;
      case "linkCode":
        this.screens.showLinkCode(message.code);
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
        this.stand("another_session");
        return;
      case "loggedOut":
        void this.loggedOut();
        return;
      case "resolved":
        this.resolved(message);
        return;
      case "olderRefused":
        this.olderRefused();
        return;
      case "acted":
        this.acted(message);
        return;
      default:
        this.happened(message);
    }
  }

  /** What happens to the page, or to the chats and messages that it shows. */
  private happened(message: FromServer): void {
    const exposed = {
      model: this.model,
      screens: this.screens,
      outbox: this.outbox,
      stand: (screen: string) => this.stand(screen),
      answered: (id: string, button: "ok" | "cancel") => this.line?.send({ type: "dialogClosed", id, button }),
    };
    if (suffer(exposed, message)) return;
    update(this.model, message);
    const opens = message.type === "messages" && message.reason === "open";
    if (opens && message.chat === this.model.selected) this.reportFocus();
  }

  private configured(config: Extract<FromServer, { type: "config" }>): void {
    this.model.configure(config);
    document.documentElement.lang = this.model.texts.lang;
    if (this.ready) return;
    this.model.offline = false;
    this.model.tell("offline");
    if (this.device) this.screens.showStartup();
    else this.screens.showQr("waiting");
  }

  /** Puts up a screen that takes the page away; `none` takes all of them down. */
  private stand(screen: string): void {
    if (screen === "none") this.standing.clear();
    else this.standing.put(screen);
    this.reportFocus();
    this.showStanding();
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
    this.stand("logout");
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
    this.outbox.handAll();
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

  private olderRefused(): void {
    this.model.loadingOlder = false;
    this.screens.showDialog(plain(panelWord(this.model.texts.lang, "olderRefused")), () => undefined);
    this.model.tell("older");
  }

  /** Tells the server which chat a person is looking at, for read receipts; behind a screen nobody sees any. */
  reportFocus(): void {
    if (!this.ready) return;
    const seen = document.hasFocus() && this.standing.top() === null;
    const chat = seen ? (this.model.open?.chat ?? null) : null;
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
    this.outbox.send(chat, text);
  }

  sendFile(chat: string, text: string, file: Prepared): void {
    this.outbox.sendFile(chat, text, file);
  }

  /** Does something to a message through its menu; a toast says how it went, where the page says so. */
  act(chat: string, key: string, what: OnMessage): void {
    if (!this.ready) return;
    const id = freshKey();
    this.acting.set(id, what);
    this.line?.send({ type: "act", id, chat, key, what });
  }

  /** Passes a message on and opens the first of the chats. */
  forward(chat: string, key: string, chats: string[]): void {
    const [first] = chats;
    if (!this.ready || first === undefined) return;
    const to = chats.map((one) => ({ chat: one, tempId: freshKey() }));
    this.line?.send({ type: "forward", id: freshKey(), chat, key, to });
    if (first !== this.model.selected) this.openChat(first);
  }

  private acted({ id, ok, reason = "failed" }: Extract<FromServer, { type: "acted" }>): void {
    const what = this.acting.get(id);
    this.acting.delete(id);
    const refused = reason === "refused" ? "failed" : reason;
    const word = ok ? (what ? done(what) : null) : refused;
    if (word) showToast(menuWord(this.model.texts.lang, word), this.model.duration(TOAST_MS));
  }

  uploadAgain(tempId: string): void {
    this.outbox.uploadAgain(tempId);
  }
}

/** A dialog with one button. */
function plain(text: string): Extract<FromServer, { type: "dialog" }> {
  return { type: "dialog", id: "", title: null, text, ok: "OK", cancel: null, confirm: true };
}

/** What a toast says once it is done; other acts show by themselves. */
function done(what: OnMessage): MenuWord | null {
  if (what.do === "star") return what.on ? "starredNow" : "unstarredNow";
  return what.do === "delete_for_me" ? "deletedNow" : null;
}
