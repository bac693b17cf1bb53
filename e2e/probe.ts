// Asks the API again and again during a fault and notes every answer that is not a success.
import type { Account } from "./account.ts";

export interface Refusal {
  status: number;
  code: string;
  title: string;
}

export class Probe {
  /** Every distinct refusal, by `status code`; `none` is a gateway that does not listen. */
  readonly refusals = new Map<string, Refusal>();
  /** The longest time that one answer took. */
  slowestMs = 0;
  answers = 0;
  #running = true;
  #loop: Promise<void>;

  constructor(account: Account, path = "/api/chats") {
    this.#loop = this.#run(account, path);
  }

  async end(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #run(account: Account, path: string): Promise<void> {
    while (this.#running) {
      const began = Date.now();
      const answer = await account.call("GET", path).catch(() => undefined);
      this.slowestMs = Math.max(this.slowestMs, Date.now() - began);
      this.answers += 1;
      if (answer && !answer.ok) {
        const problem = answer.headers.get("content-type")?.startsWith("application/problem+json")
          ? ((await answer.json()) as Refusal)
          : { status: answer.status, code: "no problem answer", title: await answer.text() };
        this.refusals.set(`${answer.status} ${problem.code}`, problem);
      } else if (answer) {
        await answer.arrayBuffer();
      } else {
        this.refusals.set("none", { status: 0, code: "none", title: "" });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
