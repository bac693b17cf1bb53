// What the server tells of chats and messages, taken into the model.
import type { Model } from "./model.ts";
import type { FromServer, Message } from "./protocol.ts";

/** Changes the model as the frame says; a frame that speaks of something else changes nothing. */
export function update(model: Model, message: FromServer): void {
  switch (message.type) {
    case "info":
      model.info = message;
      model.tell("info");
      return;
    case "found":
      model.found = message;
      model.tell("chats");
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
      if (message.reason === "open") opens(model, message);
      else older(model, message);
      return;
    case "message":
      model.upsertMessage(message.chat, message.message);
      return;
    case "messageGone":
      model.removeMessage(message.chat, message.key);
      return;
    case "pins":
      model.pins.set(message.chat, message.pins);
      model.tell("pins");
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

function opens(model: Model, message: Extract<FromServer, { type: "messages" }>): void {
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
}

function older(model: Model, message: Extract<FromServer, { type: "messages" }>): void {
  if (message.chat !== model.open?.chat) return;
  model.addMessages(message.messages, message.atStart);
  model.olderOnPhone = message.onPhone === true;
  model.loadingOlder = false;
  model.tell("older");
}

/** The part of an older reading that lies before the first message of the new one. */
function keptBefore(before: Message[], now: Message[]): Message[] {
  const first = now[0]?.key;
  const index = before.findIndex((message) => message.key === first);
  return index > 0 ? before.slice(0, index) : [];
}
