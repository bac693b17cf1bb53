// Messages that come in and go out while something breaks, and the check that none was lost, doubled or invented.
import { Account, type Outgoing, type Stored, until } from "./account.ts";
import { compare, type Ledger, ledger } from "./ledger.ts";
import type { Service } from "./service.ts";

/** How often a test repeats its fault; many times in the soak. */
export const rounds = (few: number): number => Number(process.env.QN_ROUNDS ?? few);

/** Settings under which a test need not wait for a human pace. */
export const QUICK_SENDING =
  "[pacing]\nmin_gap_ms = 100\nper_char_ms = 1\nmax_typing_ms = 200\nper_minute = 1000\nper_hour = 10000\nper_day = 10000\n[outbox]\nrecovery_wait_ms = 3000\n";

/** Pause between two comparisons; each reads all that is stored, which the reading itself must not wait for. */
const COMPARE_MS = 2_000;

/** A service with one account, linked, its list read. */
export async function linked(settings = QUICK_SENDING): Promise<{ service: Service; account: Account }> {
  const { Service } = await import("./service.ts");
  const service = await Service.create({ scenario: "test", speed: 20, settings });
  try {
    const account = await Account.register(service);
    await account.link("background");
    return { service, account };
  } catch (error) {
    await service.remove();
    throw error;
  }
}

/** Steady traffic from when it is started until it is ended. */
export class Traffic {
  readonly since = Date.now();
  /** What was submitted for sending and accepted. */
  readonly accepted: string[] = [];
  /** What the customers wrote. */
  readonly written: string[] = [];
  readonly #service: Service;
  readonly #account: Account;
  readonly #name = `t${Math.floor(Math.random() * 1e6)}`;
  #running = true;
  #trouble: unknown;
  #loops: Promise<void>[] = [];

  private constructor(service: Service, account: Account) {
    this.#service = service;
    this.#account = account;
  }

  /** `pauseMs` is between two messages of the seller; a page that is away for long leaves that many waiting. */
  static async start(service: Service, account: Account, pauseMs = 1_500): Promise<Traffic> {
    const traffic = new Traffic(service, account);
    const truth = await ledger(service, account.phone);
    const people = truth.chats.filter((chat) => chat.kind === "contact").slice(0, 6);
    const chats = (await account.chats()).filter((chat) => people.some((one) => one.title === chat.title));
    if (chats.length === 0) throw new Error("the account has no chats to write to");
    traffic.#loops = [
      traffic.#repeat(400, (n) => traffic.#write(truth.id, people[n % people.length] as Ledger["chats"][number], n)),
      traffic.#repeat(pauseMs, (n) => traffic.#submit((chats[n % chats.length] as { id: string }).id, n)),
    ];
    return traffic;
  }

  /** Ends it; what was submitted last is accepted then. */
  async end(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#loops);
    if (this.#trouble) throw this.#trouble;
  }

  /** Texts of our own messages that are at the server, one entry for each message. */
  arrived(): Promise<string[]> {
    return arrived(this.#service, this.#account.phone);
  }

  /** Waits until nothing is under way, and everything is right. */
  settled(seconds = 90): Promise<{ uncertain: number }> {
    const whose = this.#account.phone ? ["--account", this.#account.phone] : [];
    const since = String(this.since);
    return settled(this.#service, this.#account, this.accepted, {
      seconds,
      different: async (stored) => compare(this.#service, stored, [...whose, "--scope", "suffix", "--since", since]),
    });
  }

  async #repeat(pauseMs: number, act: (n: number) => Promise<void>): Promise<void> {
    for (let n = 0; this.#running; n++) {
      // Told at the end; a test that failed in between has said what is wrong, and the service is gone then.
      await act(n).catch((error: unknown) => {
        this.#trouble ??= error;
        this.#running = false;
      });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #write(account: string, chat: { id: string }, n: number): Promise<void> {
    const text = `${this.#name} customer ${n}`;
    await incoming(this.#service, account, chat.id, text);
    this.written.push(text);
  }

  /** The seller submits a message until it is accepted. */
  async #submit(chat: string, n: number): Promise<void> {
    const text = `${this.#name} seller ${n}`;
    await this.#account.insist(chat, text);
    this.accepted.push(text);
  }
}

/** A customer writes; the phone and WhatsApp's servers know nothing of our troubles. */
export async function incoming(service: Service, account: string, chat: string, text: string): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/accounts/${account}/incoming`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat, text }),
  });
  if (!answer.ok) throw new Error(`incoming: ${answer.status} ${await answer.text()}`);
}

/** Texts of our own messages that are at the server, one entry for each message. */
async function arrived(service: Service, id?: string): Promise<string[]> {
  const { chats } = await ledger(service, id);
  return chats.flatMap((chat) => chat.messages.filter((one) => one.direction === "out").map((one) => one.text));
}

/**
 * Waits until nothing is under way and `different` finds nothing wrong with what is stored; then every message that was
 * accepted must have gone out as its state says, and at most once.
 */
export async function settled(
  service: Service,
  account: Account,
  accepted: string[],
  { seconds, different }: { seconds: number; different: (stored: Stored) => Promise<string> },
): Promise<{ uncertain: number }> {
  const outgoing = new Map<string, Outgoing[]>();
  const chats = await until("the account's chats", () => account.chats(), seconds);
  const open = new Set(chats.map((chat) => chat.id));
  await until(
    "every outgoing message in a final state",
    async () => {
      // What is final stays so; a large account is not asked for all of it again and again.
      for (const chat of open) {
        const left = (await account.get<{ outgoing: Outgoing[] }>(`/api/chats/${chat}/outgoing`)).outgoing;
        outgoing.set(chat, left);
        if (left.every((one) => ["uncertain", "failed"].includes(one.state))) open.delete(chat);
      }
      return open.size === 0 ? true : undefined;
    },
    seconds,
  ).catch((error: unknown) => {
    throw new Error(`${error}\n${JSON.stringify([...outgoing.values()].flat())}`);
  });
  const left = [...outgoing.values()].flat();
  let difference = "";
  await until(
    "the ledger equal to what is stored",
    async () => {
      difference = await different(await account.stored());
      return difference === "" ? true : undefined;
    },
    seconds,
    COMPARE_MS,
  ).catch((error: unknown) => {
    throw new Error(`${error}\n${difference}`);
  });
  const state = new Map(left.map((one) => [one.text, one.state]));
  const counts = new Map<string, number>();
  for (const text of await arrived(service, account.phone)) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of accepted) {
    const times = counts.get(text) ?? 0;
    const known = state.get(text) ?? "sent";
    const right = known === "uncertain" ? times <= 1 : times === (known === "failed" ? 0 : 1);
    if (!right) throw new Error(`"${text}" is ${known} and was at the server ${times} times`);
  }
  return { uncertain: [...state.values()].filter((one) => one === "uncertain").length };
}
