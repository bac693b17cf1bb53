// Every kind of fault at random moments while messages come and go: nothing lost, nothing twice, nothing invented, and
// nobody told that a message was read unless somebody was to read it.
import { expect } from "@playwright/test";
import { Account, type StoredChat, until } from "../account.ts";
import { mulberry32, shuffled } from "../chance.ts";
import { beforeBinding, forgive } from "../database.ts";
import { FAULTS, type Fault, killSlice } from "../faults.ts";
import { compare, type Ledger, ledger, unreadFaults } from "../ledger.ts";
import { Service } from "../service.ts";
import { test } from "../test.ts";
import { incoming, QUICK_SENDING, settled } from "../traffic.ts";

const SCENARIO = process.env.QN_SCENARIO ?? "mixed-generations";
const INCOMING = Number(process.env.QN_IN ?? 500);
const OUTGOING = Number(process.env.QN_OUT ?? 25);
/** All kinds in turn, in an order by seed. */
const FAULTS_IN_ALL = Number(process.env.QN_FAULTS ?? 7);
/** Length of the run in which all of it is spread. */
const SPAN_MS = Number(process.env.QN_SPAN_MS ?? 60_000);
/** How long the last message may take to be read. */
const SETTLE_S = Number(process.env.QN_SETTLE_S ?? 300);
/** A look lasts 45 seconds. */
const LOOK_AGAIN_MS = 15_000;
/** Words that have broken readers before. */
const WORDS = [
  "Is it still there?",
  "ok",
  "ok",
  "You: [10:00, 1/1/2026] Ana: forged",
  "<b>bold</b> & *stars*",
  "two\nlines",
  "مرحبا \u202eabc",
  "👩‍👩‍👧 🇧🇷 🥕",
  "  spaces  inside  ",
  "long ".repeat(60).trim(),
];

const MODES = (process.env.QN_MODES ?? "background,on_open").split(",") as ("background" | "on_open")[];

for (const mode of MODES) {
  test(`messages survive every kind of fault, reading ${mode}`, async () => {
    test.setTimeout(SPAN_MS + SETTLE_S * 2_000 + 240_000);
    const seed = Number(process.env.QN_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const random = mulberry32(seed);
    const service = await Service.create({ scenario: SCENARIO, speed: 20, settings: QUICK_SENDING });
    try {
      const account = await Account.register(service);
      await account.link(mode);
      const since = Date.now();
      const truth = await ledger(service);
      const chats = reachable(truth, await account.chats());
      const looked = mode === "on_open" ? chats.slice(0, 3) : [];
      const stopLooking = await look(account, looked);

      const acts: { at: number; act: () => Promise<unknown> }[] = [];
      const plan = (act: () => Promise<unknown>) => acts.push({ at: random() * SPAN_MS, act });
      for (let n = 0; n < INCOMING; n++) {
        const [{ real }, words] = [pick(chats, random), pick(WORDS, random)];
        plan(() => incoming(service, truth.id, real.id, words === "ok" ? words : `${words} ${seed} ${n}`));
      }
      const accepted: string[] = [];
      const send = async (n: number) => {
        const [{ chat }, text] = [pick(looked.length ? looked : chats, random), `outgoing ${seed} ${n}`];
        await account.insist(chat.id, text);
        accepted.push(text);
      };
      for (let n = 1; n < OUTGOING; n++) plan(() => send(n));
      const done = new Map<Fault, number>();
      const kinds = shuffled(Object.keys(FAULTS) as Fault[], random);
      for (let n = 0; n < FAULTS_IN_ALL; n++) {
        const kind = kinds[n % kinds.length] as Fault;
        plan(async () => {
          // A slice that fails so often would be left alone for longer and longer.
          await until("the failures forgiven", async () => {
            forgive(service);
            return true;
          });
          await FAULTS[kind](service);
          done.set(kind, (done.get(kind) ?? 0) + 1);
        });
      }
      const start = Date.now();
      await Promise.all(
        acts.map(async ({ at, act }) => {
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, start + at - Date.now())));
          await act();
        }),
      );
      // The worst moment is rare: the key is pressed, and the outcome is not stored.
      await beforeBinding(
        service,
        () => send(0),
        () => killSlice(service),
      );
      const faults = [...done].map(([kind, times]) => `${times} ${kind}`).join(", ");
      console.log(
        `seed ${seed}, ${SCENARIO}, ${mode}: ${INCOMING} in, ${OUTGOING} out, ${faults}, 1 after the key press`,
      );

      const { uncertain } = await settled(service, account, accepted, {
        seconds: SETTLE_S,
        different: async (stored) => {
          if (mode === "background")
            return compare(service, stored, ["--scope", "suffix", "--since", String(since), "--account", truth.id]);
          const read = { chats: stored.chats.filter((chat) => looked.some(({ chat: one }) => one.id === chat.id)) };
          const titles = looked.flatMap(({ chat }) => ["--receipts-in", chat.title]);
          const unread = unreadFaults(await ledger(service), stored.chats);
          return compare(service, read, ["--scope", "suffix", ...titles]) + unread.join("\n");
        },
      });
      stopLooking();
      console.log(`${OUTGOING - uncertain} sent, ${uncertain} uncertain, settled after ${Date.now() - start} ms`);
      expect(accepted).toHaveLength(OUTGOING);
      for (const kind of kinds.slice(0, FAULTS_IN_ALL)) expect(done.get(kind), kind).toBeGreaterThan(0);
    } finally {
      await service.remove();
    }
  });
}

interface Known {
  chat: StoredChat;
  real: Ledger["chats"][number];
}

/** The people who can be told apart by what the page shows. */
function reachable(truth: Ledger, chats: StoredChat[]): Known[] {
  return chats.flatMap((chat) => {
    const same = truth.chats.filter((one) => one.title === chat.title);
    const [real] = same;
    return !chat.ambiguous && real?.kind === "contact" && same.length === 1 ? [{ chat, real }] : [];
  });
}

/** Somebody for each chat looks at it until the answer is called; a look that the faults prevent comes again. */
async function look(account: Account, chats: Known[]): Promise<() => void> {
  const viewers = chats.map(({ chat }) => ({ path: `/api/chats/${chat.id}/open`, viewer: crypto.randomUUID() }));
  const again = async () => {
    for (const { path, viewer } of viewers) {
      const answer = await account.call("POST", path, { viewer }).catch(() => undefined);
      if (answer && answer.status >= 400 && answer.status < 500)
        throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
  };
  await again();
  let trouble: unknown;
  const timer = setInterval(() => {
    again().catch((error: unknown) => {
      trouble ??= error;
    });
  }, LOOK_AGAIN_MS);
  return () => {
    clearInterval(timer);
    if (trouble) throw trouble;
  };
}

function pick<T>(from: T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}
