// What happens when something in the menu of a message is pressed.
import type { Model } from "../model.ts";
import type { Message, OnMessage } from "../protocol.ts";
import type { Place } from "../screens/layer.ts";
import type { Session } from "../session.ts";
import type { ControlActs, Target } from "./controls.ts";
import { askDelete } from "./delete.ts";
import { openEdit } from "./edit.ts";
import { openForward } from "./forward.ts";
import { entriesOf, openMenu } from "./menu.ts";
import { canRevoke, type Offer, offers } from "./offers.ts";
import { askPin } from "./pin.ts";
import { openTray } from "./tray.ts";

export class MessageMenu implements ControlActs {
  constructor(
    private readonly model: Model,
    private readonly session: Session,
    private readonly chat: string,
  ) {}

  menu(target: Target, place: Place, ended: () => void): void {
    const list = offers(this.model.chats.get(this.chat), target.message, Date.now());
    const entries = entriesOf(this.model.texts.lang, list, (offer) => this.chosen(offer, target));
    openMenu(entries, place, ended);
  }

  react({ message }: Target, place: Place, ended: () => void): void {
    const ours = message.reactions?.find((one) => one.ours)?.emoji ?? null;
    const react = (emoji: string | null): void => this.act(message, { do: "react", emoji });
    openTray(this.model.texts.lang, ours, place, react, ended);
  }

  private chosen(offer: Offer, target: Target): void {
    const { message, bubble } = target;
    const { lang } = this.model.texts;
    const act = (what: OnMessage): void => this.act(message, what);
    switch (offer) {
      case "reply":
        this.model.quote(this.chat, message);
        return;
      case "react":
        this.react(target, bubble.getBoundingClientRect(), () => undefined);
        return;
      case "star":
      case "unstar":
        act({ do: "star", on: offer === "star" });
        return;
      case "pin":
        askPin(lang, this.model.pins.get(this.chat)?.length ?? 0, (seconds) => act({ do: "pin", seconds }));
        return;
      case "unpin":
        act({ do: "unpin" });
        return;
      case "edit":
        openEdit(this.model, message, (text) => act({ do: "edit", text }));
        return;
      case "delete":
        askDelete(lang, canRevoke(message, Date.now()), act);
        return;
      case "forward":
        openForward(this.model, (chats) => this.session.forward(this.chat, message.key, chats));
        return;
      case "copy":
        void navigator.clipboard?.writeText(message.text).catch(() => undefined);
        return;
      case "download":
        download(message);
        return;
      default:
    }
  }

  private act(message: Message, what: OnMessage): void {
    this.session.act(this.chat, message.key, what);
  }
}

function download(message: Message): void {
  const file = message.media?.[0];
  if (!file) return;
  const link = document.createElement("a");
  link.href = file.url;
  link.download = file.name ?? message.kind;
  link.click();
}
