// Chromium and the slice die at random moments while messages come and go: nothing lost, nothing twice, nothing invented.
import { expect, test } from "@playwright/test";
import { Account, type Outgoing, until } from "../account.ts";
import { beforeBinding } from "../database.ts";
import { compare, ledger } from "../ledger.ts";
import { kill, Service } from "../service.ts";

const INCOMING = Number(process.env.QN_FAULTS_IN ?? 200);
const OUTGOING = Number(process.env.QN_FAULTS_OUT ?? 30);
const KILLS = Number(process.env.QN_FAULTS_KILLS ?? 3);
const SLICE = /queunir\S* (.* )?slice --spec/;
/** Length of the run in which all of it is spread. */
const SPAN_MS = Number(process.env.QN_FAULTS_MS ?? 90_000);

test("messages survive the deaths of browser and slice", async () => {
  test.setTimeout(SPAN_MS + 300_000);
  const seed = Number(process.env.QN_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = mulberry32(seed);
  const service = await Service.create({
    scenario: "test",
    speed: 20,
    settings:
      "[pacing]\nmin_gap_ms = 100\nper_char_ms = 1\nmax_typing_ms = 200\nper_minute = 1000\nper_hour = 10000\nper_day = 10000\n[outbox]\nrecovery_wait_ms = 3000\n",
  });
  try {
    const account = await Account.register(service);
    await account.link("background");
    const since = Date.now();
    const chats = (await account.chats()).filter((chat) => chat.phone !== undefined || chat.title !== "");
    const people = await incomingChats(service);

    const acts: { at: number; act: () => Promise<unknown> }[] = [];
    const plan = (count: number, act: (index: number) => Promise<unknown>) => {
      for (let index = 0; index < count; index++) acts.push({ at: random() * SPAN_MS, act: () => act(index) });
    };
    const sent: Outgoing[] = [];
    const killed = { browser: 0, slice: 0, pressed: 0 };
    plan(INCOMING, (index) => incoming(service, pick(people, random).id, `incoming ${seed} ${index}`));
    const send = async (index: number) => {
      const chat = chats.find((chat) => chat.title === people[index % people.length]?.title) ?? pick(chats, random);
      // The slice may be dead at this moment; the same key makes the repetition harmless.
      const key = crypto.randomUUID();
      const outgoing = await until("an accepted message", async () => {
        const answer = await account.call(
          "POST",
          `/api/chats/${chat.id}/messages`,
          { text: `outgoing ${seed} ${index}` },
          {
            "idempotency-key": key,
          },
        );
        return answer.ok ? ((await answer.json()) as Outgoing) : undefined;
      });
      sent.push(outgoing);
    };
    plan(OUTGOING - 1, send);
    plan(KILLS, async () => {
      await killOne(service, /^(?!.*--type=).*chromium.*--user-data-dir/, "a browser");
      killed.browser += 1;
    });
    plan(KILLS, async () => {
      await killOne(service, SLICE, "a slice");
      killed.slice += 1;
    });
    // The worst moment is rare: the key is pressed, and the outcome is not stored.
    plan(1, () =>
      beforeBinding(
        service,
        () => send(OUTGOING - 1),
        async () => {
          await killOne(service, SLICE, "a slice");
          killed.pressed += 1;
        },
      ),
    );
    acts.sort((a, b) => a.at - b.at);
    const start = Date.now();
    const running = acts.map(async ({ at, act }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, start + at - Date.now())));
      await act();
    });
    await Promise.all(running);
    console.log(
      `seed ${seed}: ${INCOMING} in, ${OUTGOING} out, killed ${killed.browser} browsers and ${killed.slice} slices, ` +
        `${killed.pressed} more between the key press and its record`,
    );

    await until(
      "every outgoing message in a final state",
      async () => {
        const pending = new Set<string>();
        for (const chat of chats) {
          const { outgoing } = await account.get<{ outgoing: Outgoing[] }>(`/api/chats/${chat.id}/outgoing`);
          for (const one of outgoing) if (!["uncertain", "failed"].includes(one.state)) pending.add(one.id);
        }
        return pending.size === 0 ? true : undefined;
      },
      150,
    );
    let difference = "not compared";
    await until(
      "the ledger equal to what is stored",
      async () => {
        difference = compare(service, await account.stored(), ["--scope", "suffix", "--since", String(since)]);
        return difference === "" ? true : undefined;
      },
      120,
    ).catch((error: unknown) => {
      throw new Error(`${error}\n${difference}`);
    });

    const uncertain = new Set<string>();
    const failed = new Set<string>();
    for (const chat of chats) {
      const { outgoing } = await account.get<{ outgoing: Outgoing[] }>(`/api/chats/${chat.id}/outgoing`);
      for (const one of outgoing) (one.state === "uncertain" ? uncertain : failed).add(one.text);
    }
    const arrived = await ledgerTexts(service);
    for (let index = 0; index < OUTGOING; index++) {
      const text = `outgoing ${seed} ${index}`;
      const times = arrived.filter((one) => one === text).length;
      expect(times, `${text} at the server`).toBeLessThanOrEqual(1);
      if (failed.has(text)) expect(times, `${text} failed, so it must not have arrived`).toBe(0);
      else if (!uncertain.has(text)) expect(times, `${text} counts as sent`).toBe(1);
    }
    console.log(`${OUTGOING - uncertain.size - failed.size} sent, ${uncertain.size} uncertain, ${failed.size} failed`);
    expect(killed.browser).toBeGreaterThanOrEqual(KILLS);
    expect(killed.slice).toBeGreaterThanOrEqual(KILLS);
    expect(killed.pressed).toBe(1);
  } finally {
    await service.remove();
  }
});

async function killOne(service: Service, pattern: RegExp, what: string): Promise<void> {
  const pid = await until(what, async () => service.processesMatching(pattern)[0]);
  kill(pid);
}

interface Person {
  id: string;
  title: string;
}

async function incomingChats(service: Service): Promise<Person[]> {
  const { chats } = await ledger(service);
  return chats.filter((chat) => chat.kind === "contact");
}

async function incoming(service: Service, chat: string, text: string): Promise<void> {
  const { id } = await ledger(service);
  const answer = await fetch(`${service.simulator}/_sim/accounts/${id}/incoming`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat, text }),
  });
  if (!answer.ok) throw new Error(`incoming: ${answer.status} ${await answer.text()}`);
}

/** Texts of our own messages at the server, one entry for each message. */
async function ledgerTexts(service: Service): Promise<string[]> {
  const { chats } = await ledger(service);
  return chats.flatMap((chat) => chat.messages.filter((one) => one.direction === "out").map((one) => one.text));
}

function pick<T>(from: T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

/** A small seeded generator, so that a red run can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
