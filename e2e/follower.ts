// A client of the event stream that reconnects with its last event id, and remembers the numbers it was given.
import type { Account } from "./account.ts";

export class Follower {
  /** Numbers of the stored events, in the order of their arrival. */
  readonly ids: number[] = [];
  /** Texts of the messages that the events announced. */
  readonly texts: string[] = [];
  /** When each text was first heard, by the clock of `performance`. */
  readonly heard = new Map<string, number>();
  /** The snapshots `slice`, newest last. */
  readonly slices: Record<string, unknown>[] = [];
  /** Whether everything from here on is announced. */
  isAttached = false;
  connects = 0;
  resets = 0;
  #account: Account;
  #abort = new AbortController();
  #loop: Promise<void>;

  constructor(account: Account) {
    this.#account = account;
    this.#loop = this.#run();
  }

  async end(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
  }

  /** What is wrong with the numbers: a hole, a repetition, an order. */
  get fault(): string {
    const wrong = this.ids.findIndex((id, at) => at > 0 && id !== (this.ids[at - 1] ?? 0) + 1);
    return wrong < 0 ? "" : `${this.ids[wrong - 1]} was followed by ${this.ids[wrong]}`;
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      await this.#follow().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #follow(): Promise<void> {
    const last = this.ids.at(-1);
    const answer = await fetch(`${this.#account.service.app}/api/events`, {
      headers: {
        cookie: this.#account.cookie,
        origin: this.#account.service.app,
        accept: "text/event-stream",
        ...(last === undefined ? {} : { "last-event-id": String(last) }),
      },
      signal: this.#abort.signal,
    });
    if (!answer.ok || !answer.body) {
      await answer.arrayBuffer();
      return;
    }
    this.connects += 1;
    let text = "";
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        this.#hear(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }

  #hear(frame: string): void {
    const fields = new Map(frame.split("\n").map((line) => splitOnce(line)));
    const data = fields.get("data");
    if (data === undefined) return;
    const body = JSON.parse(data) as Record<string, unknown>;
    const id = fields.get("id");
    const event = fields.get("event");
    if (event === "reset") {
      this.isAttached = true;
      // The first connection has no number yet; any other reset would be a loss.
      if (this.ids.length > 0) this.resets += 1;
    } else if (id !== undefined) this.ids.push(Number(id));
    if (event === "slice") this.slices.push(body.slice as Record<string, unknown>);
    if (event === "message.stored") {
      const { text } = body.message as { text: string };
      this.texts.push(text);
      if (!this.heard.has(text)) this.heard.set(text, performance.now());
    }
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(":");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).trimStart()];
}
