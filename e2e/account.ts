// An account used through the HTTP API, for tests that are about the machinery and not about the pages.
import type { Service } from "./service.ts";

export interface StoredMessage {
  key?: string;
  direction: "in" | "out" | "unknown";
  kind: string;
  text: string;
  sent_at?: string;
  ack?: string;
  order_key: string;
}
export interface StoredChat {
  id: string;
  title: string;
  phone?: string;
  unread: number;
  not_read_yet: number;
  ambiguous: boolean;
}
/** Everything that is stored, with its messages. */
export interface Stored {
  chats: (StoredChat & { messages: StoredMessage[] })[];
}
export interface Outgoing {
  id: string;
  state: string;
  text: string;
  reason?: string;
}

export class Account {
  readonly service: Service;
  readonly cookie: string;
  /** The simulator's account that it was linked to; absent for the only one. */
  phone: string | undefined;

  private constructor(service: Service, cookie: string) {
    this.service = service;
    this.cookie = cookie;
  }

  static async register(service: Service, email = "ana@example.com"): Promise<Account> {
    const answer = await fetch(`${service.app}/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-qn": "1", origin: service.app },
      body: JSON.stringify({
        email,
        password: "correct horse battery staple",
        locale: "en",
        time_zone: "America/Sao_Paulo",
      }),
    });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0];
    if (answer.status !== 201 || !cookie) throw new Error(`register: ${answer.status} ${await answer.text()}`);
    return new Account(service, cookie);
  }

  /** The account that a browser is signed in with. */
  static async of(service: Service, cookies: { name: string; value: string }[]): Promise<Account> {
    const session = cookies.find((cookie) => cookie.name === "__Host-qn");
    if (!session) throw new Error("the browser is not signed in");
    return new Account(service, `${session.name}=${session.value}`);
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.service.app}${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        "x-qn": "1",
        origin: this.service.app,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.call("GET", path);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /**
   * Presses Connect, scans the code with the simulator's phone, waits for the first complete list.
   * `phone` is the simulator's account that scans; it may be left out while there is one.
   */
  async link(readingMode: "background" | "on_open", phone?: string): Promise<void> {
    this.phone = phone;
    const answer = await this.call("POST", "/api/connect", { reading_mode: readingMode, accepted: "2026-11" });
    if (!answer.ok) throw new Error(`connect: ${answer.status} ${await answer.text()}`);
    const code = await until("a code on screen", async () => {
      const codes = (await (await fetch(`${this.service.simulator}/_sim/codes`)).json()) as { code: string }[];
      return codes[0]?.code;
    });
    const scan = await fetch(`${this.service.simulator}/_sim/scan`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, account: phone }),
    });
    if (!scan.ok) throw new Error(`scan: ${scan.status} ${await scan.text()}`);
    await until("the first complete list", async () => {
      const answer = await this.call("GET", "/api/status/state");
      if (!answer.ok) return undefined;
      const link = (await answer.json()) as { state: string; first_list_complete: boolean };
      return link.state === "linked" && link.first_list_complete ? true : undefined;
    });
  }

  async chats(): Promise<StoredChat[]> {
    return (await this.get<{ chats: StoredChat[] }>("/api/chats")).chats;
  }

  /** All stored messages of a chat, oldest first. */
  async messages(chat: string): Promise<StoredMessage[]> {
    let all: StoredMessage[] = [];
    for (let before = ""; ; ) {
      const query = before ? `&before=${encodeURIComponent(before)}` : "";
      const page = await this.get<{ messages: StoredMessage[]; more: boolean }>(
        `/api/chats/${chat}/messages?limit=100${query}`,
      );
      all = [...page.messages, ...all];
      const first = page.messages[0];
      if (!page.more || !first) return all;
      before = first.order_key;
    }
  }

  /** Everything stored, in the form that the ledger's comparison takes; a preview has an empty key. */
  async stored(): Promise<Stored> {
    const chats = [];
    for (const chat of await this.chats()) {
      const messages = await this.messages(chat.id);
      chats.push({ ...chat, messages: messages.map((message) => ({ key: "", ...message })) });
    }
    return { chats };
  }

  async send(chat: string, text: string, key: string = crypto.randomUUID()): Promise<Outgoing> {
    const answer = await this.call("POST", `/api/chats/${chat}/messages`, { text }, { "idempotency-key": key });
    if (!answer.ok) throw new Error(`send: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Outgoing;
  }

  /** Submits a message again and again with the same key until it is accepted. */
  async insist(chat: string, text: string): Promise<Outgoing> {
    const key = crypto.randomUUID();
    return until(`"${text}" accepted`, () => this.send(chat, text, key), 120);
  }
}

/** Waits for a condition, looking every `pauseMs`; the error names it. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  seconds = 60,
  pauseMs = 50,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    let trouble: unknown;
    const found = await look().catch((error: unknown) => {
      trouble = error;
      return undefined;
    });
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}${trouble ? `: ${trouble}` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
