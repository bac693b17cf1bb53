// Something dies at each of the fourteen points of a send (DEL-07): nothing is sent twice, and what is told as sent is at
// WhatsApp's server exactly once.
import { expect } from "@playwright/test";
import { Account, until } from "../account.ts";
import { mulberry32, shuffled } from "../chance.ts";
import { forgive, query } from "../database.ts";
import { trouble } from "../faults.ts";
import { Holds } from "../holds.ts";
import { ledger } from "../ledger.ts";
import { POINTS, type Point } from "../points.ts";
import { Service } from "../service.ts";
import { test } from "../test.ts";

const ROUNDS = Number(process.env.QN_ROUNDS ?? 3);
/** Services side by side, each with a share of the points: a round is mostly waiting for something to come back. */
const LANES = Number(process.env.QN_LANES ?? 2);
/** Only points whose names contain this. */
const ONLY = process.env.QN_POINT ?? "";
/** How long one round may take. */
const ROUND_S = 120;

const SETTINGS =
  "[pacing]\nmin_gap_ms = 0\nper_char_ms = 10\nmax_typing_ms = 200\nper_minute = 1000\nper_hour = 10000\nper_day = 100000\n[outbox]\nrecovery_wait_ms = 1000\n";

interface Tally {
  rounds: number;
  sent: number;
  requeued: number;
  uncertain: number;
  failed: number;
  doubles: number;
  slowest: number;
}

interface Sent {
  point: string;
  text: string;
  state: string;
}

test("nothing is sent twice, whatever dies at whichever point of a send", async () => {
  const points = POINTS.filter(({ name }) => name.includes(ONLY));
  test.setTimeout(180_000 + (points.length * ROUNDS * ROUND_S * 1000) / LANES);
  const seed = Number(process.env.QN_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = mulberry32(seed);
  const order = shuffled(points, random);
  const tallies = new Map<string, Tally>(
    points.map(({ name }) => [
      name,
      { rounds: 0, sent: 0, requeued: 0, uncertain: 0, failed: 0, doubles: 0, slowest: 0 },
    ]),
  );
  const faults: string[] = [];
  const began = Date.now();
  try {
    const lanes = Array.from({ length: Math.min(LANES, order.length) }, (_, lane) =>
      run(
        order.filter((_, n) => n % LANES === lane),
        mulberry32(seed + lane + 1),
        tallies,
        faults,
      ),
    );
    await Promise.all(lanes);
  } finally {
    const rows = [...tallies].map(([point, { slowest, ...tally }]) => ({ point, ...tally, "slowest s": slowest }));
    console.table(rows);
    console.log(`seed ${seed}, ${ROUNDS} rounds each, ${Math.round((Date.now() - began) / 1000)} s`);
  }
  expect(faults).toEqual([]);
  for (const [point, tally] of tallies) {
    expect(tally, point).toMatchObject({ rounds: ROUNDS, doubles: 0, uncertain: 0, failed: 0, sent: ROUNDS });
  }
});

/** Goes through points, each so many rounds, with a service of its own. */
async function run(
  points: Point[],
  random: () => number,
  tallies: Map<string, Tally>,
  faults: string[],
): Promise<void> {
  const service = await Service.create({ scenario: "test", speed: 20, settings: SETTINGS });
  try {
    const account = await Account.register(service);
    await account.link("on_open");
    const holds = new Holds(service);
    const truth = await ledger(service);
    const people = truth.chats.filter((one) => one.kind === "contact").map((one) => one.title);
    const chats = (await account.chats()).filter((chat) => !chat.ambiguous && people.includes(chat.title));
    const all: Sent[] = [];
    for (const point of points) {
      for (let round = 0; round < ROUNDS; round++) {
        const chat = chats[Math.floor(random() * chats.length)] as { id: string };
        const text = `${point.name} ${round} ${Math.floor(random() * 1e6)}`;
        const started = Date.now();
        const tally = tallies.get(point.name) as Tally;
        try {
          const { state, requeued } = await once(service, account, holds, point, round, chat.id, text);
          all.push({ point: point.name, text, state });
          tally.rounds += 1;
          tally.requeued += Number(requeued);
          if (state === "sent" || state === "uncertain" || state === "failed") tally[state] += 1;
          tally.slowest = Math.max(tally.slowest, Math.round((Date.now() - started) / 1000));
        } catch (error) {
          faults.push(`${point.name}, round ${round}: ${error}`);
          holds.clear();
        }
      }
    }
    faults.push(...wrong(await counts(service), all, tallies));
  } catch (error) {
    faults.push(`${error}`);
  } finally {
    await service.remove();
  }
}

/** Sends a message, lets it die at a point, and waits until its fate is told. */
async function once(
  service: Service,
  account: Account,
  holds: Holds,
  point: Point,
  round: number,
  chat: string,
  text: string,
): Promise<{ state: string; requeued: boolean }> {
  let uuid = "";
  const fate = () => {
    const [row] = query(service, `select state, requeued from outgoing where id = '${uuid}'`);
    const [state, requeued] = row?.split("|") ?? [];
    return state ? { state, requeued: requeued === "t" } : undefined;
  };
  const send = { service, account, holds, text, round, fate };
  const place = point.hold(round);
  await until("a page", async () => {
    const { state } = await account.get<{ state: string }>("/api/status/state");
    return state === "linked" || undefined;
  });
  await point.before?.(send);
  holds.put(place);
  const { id } = await account.insist(chat, text);
  uuid = id.replace(/^\w+_/, "");
  await holds.reached(place);
  forgive(service);
  await point.act(send);
  holds.clear();
  await trouble(service, {});
  return until(
    `the fate of "${text}"`,
    async () => {
      const now = fate();
      return now && ["sent", "uncertain", "failed", "canceled"].includes(now.state) ? now : undefined;
    },
    ROUND_S,
  );
}

/** How often each text of ours that was written while the simulator ran is at the server. */
async function counts(service: Service): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const chat of (await ledger(service)).chats) {
    for (const one of chat.messages.filter((one) => one.direction === "out" && one.live))
      counts.set(one.text, (counts.get(one.text) ?? 0) + 1);
  }
  return counts;
}

/** What was told of a message and is not so: sent is there once, uncertain once at most, everything else is not. */
function wrong(there: Map<string, number>, all: Sent[], tallies: Map<string, Tally>): string[] {
  const found: string[] = [];
  for (const { point, text, state } of all) {
    const times = there.get(text) ?? 0;
    if (times > 1) (tallies.get(point) as Tally).doubles += 1;
    const right = state === "sent" ? times === 1 : state === "uncertain" ? times <= 1 : times === 0;
    if (!right) found.push(`"${text}" is ${state} and is at the server ${times} times`);
  }
  const texts = new Set(all.map(({ text }) => text));
  for (const text of there.keys())
    if (!texts.has(text)) found.push(`nobody was told of ${JSON.stringify(text)}, and it is at the server`);
  return found;
}
