// A server inside the page for `vite dev` and quick looks; never part of the bundle.
import type { ChatRow, FromServer, Message, ToServer } from "../src/protocol.ts";
import type { Line, LineEvents } from "../src/socket.ts";

const NAMES = [
  "Ana Beatriz",
  "Bruno 🍕 Costa",
  "+55 11 99812-3301",
  "Família Souza",
  "Carla  (fornecedora)",
  "Diego",
  "أحمد",
  "Padaria Central",
];
const LINES = [
  "Oi! Vocês têm o *vestido azul* no M? 😍",
  "Chegou hoje 🎉",
  "https://example.com/pedido/42",
  "Obrigada!",
  "linha 1\nlinha 2",
  "👍",
  "a_b_c e _itálico_",
];

/** A chat that never says where it begins: its older messages just stop coming. */
const ENDLESS = "c5";

/** Plays the server; `mode` is `qr`, `sync` or the locale to open MAIN in, with `12` behind it for a 12 hour clock. */
export function fakeLine(events: LineEvents, mode: string): Line {
  const locale = mode.replace(/12$/, "") || "pt-BR";
  const say = (message: FromServer, ms = 20): void => void setTimeout(() => events.message(message), ms);
  const chats = Array.from({ length: 320 }, (_, index) => chatRow(index));
  const asked: ToServer[] = [];
  const messages = new Map(chats.map((chat, index) => [chat.id, conversation(chat, index)]));
  Object.assign(globalThis, { fakeServer: { say: (message: FromServer) => events.message(message), asked } });
  setTimeout(() => events.opened(), 10);
  let count = 0;

  const answer = (message: ToServer): void => {
    asked.push(message);
    if (message.type === "hello") {
      say({
        type: "config",
        locale,
        hour12: mode.endsWith("12"),
        speed: 10,
        ownName: null,
        ownPhone: null,
        timeZone: null,
      });
      if (mode.startsWith("qr")) {
        say({
          type: "qr",
          ref: "2@abc/def+ghi==,bm9pc2U=,aWRlbnRpdHk=,c2VjcmV0,1",
          index: 0,
          of: 6,
          ttlMs: 3000,
        });
        if (mode === "qridle") say({ type: "qrIdle" }, 400);
      } else if (mode === "sync") say({ type: "sync", percent: 37 });
      else if (mode === "another") say({ type: "anotherSession" });
      else say({ type: "ready", chats, ownName: "Loja da Ana", ownPhone: "+55 11 90000-0000" });
    }
    if (message.type === "openChat") {
      const all = messages.get(message.chat) ?? [];
      const row = chats.find((chat) => chat.id === message.chat);
      say(
        {
          type: "messages",
          chat: message.chat,
          messages: all.slice(-40),
          atStart: all.length <= 40 && message.chat !== ENDLESS,
          reason: "open",
          unread: row?.unread ?? 0,
        },
        60,
      );
      if (row) say({ type: "chat", chat: { ...row, unread: 0 } }, 80);
      say({ type: "presence", chat: message.chat, state: "online", at: null }, 90);
    }
    if (message.type === "loadOlder") {
      const all = messages.get(message.chat) ?? [];
      const end = all.findIndex((one) => one.key === message.beforeKey);
      const start = Math.max(0, end - message.count);
      say(
        {
          type: "messages",
          chat: message.chat,
          messages: all.slice(start, end),
          atStart: start === 0 && message.chat !== ENDLESS,
          reason: "older",
        },
        150,
      );
    }
    if (message.type === "send") {
      count += 1;
      const key = count % 2 === 0 ? message.tempId : message.tempId.replace("3EB0", "3EB1");
      say({ type: "rekey", chat: message.chat, tempId: message.tempId, key, at: Date.now() }, 150);
      for (const [index, ack] of (["sent", "delivered", "read"] as const).entries())
        say({ type: "ack", chat: message.chat, key, ack }, 300 + index * 200);
    }
  };
  return {
    send(message) {
      answer(message);
      return true;
    },
  };
}

function chatRow(index: number): ChatRow {
  const title = index < NAMES.length ? (NAMES[index] ?? "") : `Cliente ${index}`;
  const group = index === 3;
  return {
    id: `c${index}`,
    title,
    kind: group ? "group" : index === 9 ? "self" : "contact",
    phone: group ? null : "+55 11 99812-3301",
    saved: index !== 2,
    pushName: null,
    pinned: index === 1,
    muted: index === 4,
    archived: index === 11,
    unread: [0, 3, 0, 1, 0, 0, 1227][index] ?? 0,
    markedUnread: index === 8,
    lastAt: Date.now() - index * 7_300_000,
    last: {
      author: group ? "Bia" : null,
      fromMe: index % 3 === 0 && !group,
      text: LINES[index % LINES.length] ?? "",
      kind: "text",
      ack: index % 6 === 0 ? "read" : "delivered",
    },
    draft: null,
    members: group ? ["Ana", "Bruno", "+55 11 98888-7777"] : null,
    writable: index !== 10,
    colour: ["#d35400", "#7f66ff", "#0a7cff", "#1daa61"][index % 4] ?? "#1daa61",
    avatar: null,
  };
}

function conversation(chat: ChatRow, seed: number): Message[] {
  const length = seed === 0 ? 400 : chat.id === ENDLESS ? 60 : 12;
  const start = Date.now() - length * 1_500_000;
  const base = { authorPhone: null, authorPush: null, deleted: false, edited: false, ack: null };
  const notice: Message = {
    ...base,
    key: `3ANOTICE${seed}`,
    fromMe: false,
    author: "",
    at: start,
    kind: "system",
    text: "",
    system: "e2e",
  };
  const rest = Array.from({ length }, (_, index): Message => {
    const fromMe = (index >> 1) % 2 === 1;
    const text = index === length - 4 ? "muito texto ".repeat(90) : (LINES[(index + seed) % LINES.length] ?? "");
    const key = `3A${(seed * 10_000 + index).toString(16).toUpperCase().padStart(18, "0")}`;
    const author = fromMe ? "Loja da Ana" : chat.kind === "group" ? (["Bia", "Caio"][index % 2] ?? "") : chat.title;
    return {
      ...base,
      key,
      fromMe,
      author,
      at: start + index * 1_500_000,
      kind: "text",
      text,
      ack: fromMe ? "read" : null,
      system: null,
      edited: index % 9 === 0,
    };
  });
  return [notice, ...rest];
}
