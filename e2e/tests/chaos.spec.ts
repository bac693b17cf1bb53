// Everything that a host has dies at random while nine slices in containers work: nothing is lost, doubled or shown to
// another tenant, no slice and no profile is ever run twice, and afterwards nothing is left that belongs to nobody.
import { readdirSync } from "node:fs";
import { expect } from "@playwright/test";
import { type Account, until } from "../account.ts";
import { mulberry32, shuffled } from "../chance.ts";
import { forgive, query } from "../database.ts";
import { commandOf, containerNames, killContainer, killEngine, networkNames } from "../engine.ts";
import { FAULTS } from "../faults.ts";
import { Follower } from "../follower.ts";
import { seller, withoutBrowser } from "../sellers.ts";
import { kill, Service } from "../service.ts";
import { engineSocket } from "../simulator.ts";
import { test } from "../test.ts";
import { QUICK_SENDING, Traffic } from "../traffic.ts";

const LINKED = 3;
const SERVED = 6;
/** All kinds in turn, in an order by seed. */
const FAULTS_IN_ALL = Number(process.env.QN_CHAOS ?? 7);
/** Longest pause between two faults. */
const PAUSE_MS = 8_000;
const SETTLE_S = 240;

const BROWSER = /^(?!.*--type=).*chromium.*--user-data-dir/;

test.skip(engineSocket() === undefined, "needs an engine of its own: scripts/test-docker.sh");

test("nine slices live through the death of everything", async () => {
  test.setTimeout(600_000 + FAULTS_IN_ALL * 60_000 + SETTLE_S * 2_000);
  const seed = Number(process.env.QN_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = mulberry32(seed);
  const any = <T>(all: T[]): T => {
    if (all.length === 0) throw new Error("there is none");
    return all[Math.floor(random() * all.length)] as T;
  };
  const service = await Service.create({ runtime: "docker", scenario: "test", speed: 20, settings: QUICK_SENDING });
  const killAny = (what: string, pattern: RegExp) => async () =>
    kill(await until(what, async () => any(service.processesMatching(pattern))));
  const kinds: Record<string, () => Promise<void>> = {
    orchestrator: killAny("an orchestrator", /queunir .*orchestrator/),
    gateway: killAny("a gateway", /queunir .*gateway/),
    // An engine that has just died took all of them with it.
    container: async () => {
      await until("a container to kill", async () => {
        killContainer(any(containerNames("running")));
        return true;
      });
    },
    browser: killAny("a browser", BROWSER),
    renderer: killAny("a renderer", /chromium.*--type=renderer/),
    engine: killEngine,
    database: () => FAULTS.database(service),
  };
  const watch = new Watch();
  try {
    const linked = [];
    for (let number = 1; number <= LINKED; number++) linked.push(await seller(service, number));
    const served = [];
    for (let number = 1; number <= SERVED; number++) served.push(await withoutBrowser(service, number));
    const followers = linked.map((account) => new Follower(account));
    await until("every stream", async () => followers.every(({ isAttached }) => isAttached) || undefined);
    const traffic = [];
    for (const account of linked) traffic.push(await Traffic.start(service, account));
    // A stream that breaks before its first number has no place to go on from.
    await until("a number each", async () => followers.every(({ ids }) => ids.length > 0) || undefined);
    watch.start();
    const readers = served.map((account) => new Reader(account));

    const done = new Map<string, number>();
    for (const kind of turns(FAULTS_IN_ALL, Object.keys(kinds), random)) {
      // Slices that fail so often would be left alone for longer and longer.
      await until("the failures forgiven", async () => {
        forgive(service);
        return true;
      });
      await (kinds[kind] as () => Promise<void>)();
      done.set(kind, (done.get(kind) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, random() * PAUSE_MS));
    }
    // Of each slice a person can have what is stored, soon after the last death.
    for (const reader of readers) await reader.answered();
    for (const reader of readers) await reader.end();
    for (const one of traffic) await one.end();
    let uncertain = 0;
    for (const one of traffic) uncertain += (await one.settled(SETTLE_S)).uncertain;
    for (const [index, follower] of followers.entries()) {
      const written = traffic[index]?.written ?? [];
      const missing = () => written.filter((text) => !follower.texts.includes(text));
      await until("every message announced", async () => {
        if (missing().length > 0) throw new Error(`${missing()} of ${written.length}, ${follower.resets} resets`);
        return true;
      });
      await follower.end();
      expect([follower.fault, follower.resets]).toEqual(["", 0]);
    }
    const names = [...Array(LINKED + SERVED).keys()].map((index) => `wank-slice-${index + 1}`);
    await until("a container for each slice and no other", async () =>
      containerNames("all").join() === names.join() ? true : undefined,
    );
    expect(networkNames()).toHaveLength(LINKED + SERVED);
    for (const [table, name] of [
      ["pg_database", "datname"],
      ["pg_roles", "rolname"],
    ])
      expect(
        query(service, `select ${name} from ${table} where ${name} like 'wa\\_slice\\_%'`, "postgres"),
      ).toHaveLength(LINKED + SERVED);
    expect(watch.faults()).toEqual([]);
    const sent = traffic.reduce((sum, one) => sum + one.accepted.length, 0);
    const written = traffic.reduce((sum, one) => sum + one.written.length, 0);
    console.log(
      `seed ${seed}: ${JSON.stringify(Object.fromEntries(done))}, ${written} in, ${sent} out, ${uncertain} uncertain`,
    );

    await service.stop();
    expect([containerNames("all"), networkNames()]).toEqual([[], []]);
    expect(service.processes()).toEqual([]);
  } catch (error) {
    console.log(`seed ${seed}: ${error}`);
    throw error;
  } finally {
    watch.end();
    await service.remove();
  }
});

/** So many of the kinds, each as often as any other, in an order by chance. */
function turns(count: number, kinds: string[], random: () => number): string[] {
  const rounds = Array.from({ length: Math.ceil(count / kinds.length) }, () => shuffled(kinds, random));
  return rounds.flat().slice(0, count);
}

/** A tenant who looks at what is stored all the time; a slice may be away, but nobody else's answers. */
class Reader {
  readonly #account: Account;
  readonly #loop: Promise<void>;
  #running = true;
  #answers = 0;
  #wrong = "";

  constructor(account: Account) {
    this.#account = account;
    this.#loop = this.#run();
  }

  async answered(): Promise<void> {
    const before = this.#answers;
    await until("an answer of a slice", async () => (this.#answers > before ? true : undefined), SETTLE_S);
  }

  async end(): Promise<void> {
    this.#running = false;
    await this.#loop;
    expect(this.#wrong).toBe("");
  }

  async #run(): Promise<void> {
    while (this.#running) {
      try {
        const answer = await this.#account.call("GET", "/api/chats");
        const body = await answer.text();
        if (answer.ok) {
          this.#answers += 1;
          // They never linked: whatever chat there is belongs to another.
          if (body !== '{"chats":[]}') this.#wrong ||= body;
        }
      } catch {
        // The gateway is away.
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Looks all the time whether a profile has two browsers (INV-5). */
class Watch {
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #twice = new Set<string>();

  start(): void {
    this.#timer = setInterval(() => this.#look(), 200);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  faults(): string[] {
    return [...this.#twice];
  }

  #look(): void {
    const commands = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => commandOf(Number(name)));
    const profiles = commands
      .filter((command) => /chromium$/.test(command[0] ?? "") && !command.some((word) => word.startsWith("--type=")))
      .flatMap((command) => command.filter((word) => word.startsWith("--user-data-dir=")));
    for (const one of profiles.filter((one, at) => profiles.indexOf(one) !== at)) this.#twice.add(one);
  }
}
