// WhatsApp redraws its page again and again in ways that nobody has seen, while an account is linked and messages come
// and go: what is dead is named within 90 s, what can be read is read, nothing is lost, doubled, invented or stored
// wrongly, a record of the page's structure says how it is built and nothing that anybody wrote, and a profile dropped in
// place heals it without a restart. One look; with QN_DRIFT_SEEDS=n as many, from seed QN_DRIFT_FROM (0) on.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Locator, type Page } from "@playwright/test";
import { type Account, until } from "../account.ts";
import { openApp } from "../browser.ts";
import { ledger, wrongs } from "../ledger.ts";
import { icons, lookAgain, onlooker, profileFor } from "../look.ts";
import { binary, kill, type Service } from "../service.ts";
import { test } from "../test.ts";
import { linked, Traffic } from "../traffic.ts";

const FIRST = Number(process.env.QN_DRIFT_FROM ?? 0);
const LOOKS = Array.from({ length: Number(process.env.QN_DRIFT_SEEDS ?? 1) }, (_, index) => `unknown:${FIRST + index}`);
const CHAT = "Alice Online";
/** What every unknown look misses: found by other anchors, or not at all. */
const DEAD = ["list.title:testid", "header:testid", "row.bubble:testid", "row.meta:testid"];

interface Reader {
  state: string;
  since: string;
  dead: string[];
  unreadable: string[];
}

/** What takes part: the account, its app in a browser, and somebody who looks at WhatsApp's page. */
interface Scene {
  service: Service;
  account: Account;
  traffic: Traffic;
  page: Page;
  told: Locator;
  other: Page;
  /** What the icons of the look that is drawn now are known as. */
  names: Record<string, string>;
}

test("pages drawn in unknown ways are told, read as far as they go, and healed by a profile", async ({ browser }) => {
  test.setTimeout(240_000 + LOOKS.length * 240_000);
  const { service, account } = await linked();
  try {
    const scene = await begin(browser, service, account);
    const times: { alarm: number; healed: number }[] = [];
    for (const look of LOOKS) {
      const time = await endure(scene, look);
      times.push(time);
      console.log(`${look}: alarm after ${time.alarm.toFixed(1)} s, healed after ${time.healed.toFixed(1)} s`);
    }
    await recordsAreBare(account, service);
    const { traffic } = scene;
    await traffic.end();
    await traffic.settled(180);
    expect(wrongs(await account.stored(), await ledger(service))).toEqual([]);
    const range = (of: number[]) => `${Math.min(...of).toFixed(1)} to ${Math.max(...of).toFixed(1)} s`;
    console.log(
      `${LOOKS.length} unknown looks (${LOOKS[0]} to ${LOOKS.at(-1)}): alarm with every name after ` +
        `${range(times.map(({ alarm }) => alarm))}, healed by a profile after ${range(times.map(({ healed }) => healed))}; ` +
        `${traffic.written.length} messages in and ${traffic.accepted.length} out, ledger equal, nothing wrong meanwhile`,
    );
  } finally {
    await service.remove();
  }
});

async function begin(browser: Browser, service: Service, account: Account): Promise<Scene> {
  const page = await openApp(browser, account);
  const told = page.getByRole("status").getByText("Queunir cannot read part of WhatsApp's page");
  const other = await onlooker(browser, service, CHAT);
  const traffic = await Traffic.start(service, account, 4_000);
  await until("traffic", async () => (traffic.accepted.length > 0 ? true : undefined));
  expect(await reader(account), "the known page").toBeUndefined();
  expect(canary(service), "facts of the known page").toEqual([]);
  return { service, account, traffic, page, told, other, names: {} };
}

/** One look from its first moment until it is healed; seconds that it took to be told, and to heal. */
async function endure(scene: Scene, look: string): Promise<{ alarm: number; healed: number }> {
  const { service, account, traffic, page, told } = scene;
  const before = await icons(scene.other, scene.names);
  const switched = Date.now();
  await redraw(service, look);
  let now: Reader | undefined;
  const named = async () => {
    now = await reader(account);
    return DEAD.every((name) => now?.dead.includes(name)) ? now : undefined;
  };
  // Somebody looks at the page meanwhile.
  const [trouble, names] = await Promise.all([
    until(`the dead anchors by name, ${look}`, named, 90).catch((error: unknown) => {
      throw new Error(`${error}: ${JSON.stringify(now)}\n${remarks(service).slice(-3000)}`);
    }),
    lookAgain(scene.other, CHAT, before),
  ]);
  scene.names = names;
  const alarm = (Date.now() - switched) / 1000;
  expect(trouble.state).toBe("degraded");
  await expect(told).toBeVisible();
  await expect(page.getByRole("link", { name: "Save a record of the page" })).toBeVisible();
  await until("the operator's remark", async () => (remarks(service).includes(DEAD[0] as string) ? true : undefined));
  expect(canary(service), "what the operator asks").toContain("2.2 cell");

  // Messages come and go all the time; what can be read is read, and nothing of it is wrong.
  const [written, accepted] = [traffic.written.length, traffic.accepted.length];
  await until("traffic in the new look", async () =>
    traffic.accepted.length > accepted && traffic.written.length > written + 3 ? true : undefined,
  );
  await until("what a customer wrote in the new look, read", async () => {
    const stored = (await account.stored()).chats.flatMap((chat) => chat.messages);
    const fresh = traffic.written.slice(written);
    return stored.some((one) => one.key && one.direction === "in" && fresh.includes(one.text)) ? true : undefined;
  });
  expect(wrongs(await account.stored(), await ledger(service)), `stored in ${look}`).toEqual([]);

  const processes = running(service);
  const folder = join(service.state, "reader-profiles");
  mkdirSync(folder, { recursive: true });
  const dropped = Date.now();
  writeFileSync(join(folder, "look.json"), JSON.stringify(profileFor(look.replace(":", "-"), names)));
  await healed(account, service);
  await expect(told).toBeHidden();
  expect(running(service), "the same processes as before").toEqual(processes);
  return { alarm, healed: (Date.now() - dropped) / 1000 };
}

/** The slice and its browser. */
function running(service: Service): number[] {
  return service.processesMatching(/ slice --spec |^(?!.*--type=).*chromium.*--user-data-dir/).sort();
}

async function healed(account: Account, service: Service): Promise<void> {
  let left: Reader | undefined;
  const look = async () => {
    left = await reader(account);
    return left === undefined ? true : undefined;
  };
  await until("the end of the alarm", look, 90).catch((error: unknown) => {
    throw new Error(`${error}: ${JSON.stringify(left)}\n${remarks(service).slice(-3000)}`);
  });
}

/** The tenant can save what the page was built of, and nobody's words, names or numbers are in it. */
async function recordsAreBare(account: Account, service: Service): Promise<void> {
  const { records } = await account.get<{ records: { id: string; dead: string[]; elements: number }[] }>(
    "/api/reader/records",
  );
  expect(records.length).toBeGreaterThan(0);
  const truth = await ledger(service);
  const words = truth.chats
    .flatMap((chat) => [chat.title, ...chat.messages.map((message) => message.text)])
    .flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 5)
    .map((word) => word.toLowerCase());
  for (const { id, elements } of records) {
    const record = await account.get<{ html: string }>(`/api/reader/records/${id}`);
    expect(elements).toBeGreaterThan(100);
    const told = new Set(record.html.toLowerCase().split(/[^\p{L}\p{N}]+/u));
    const leaked = words.filter((word) => told.has(word) && !MARKUP.has(word));
    expect(leaked, id).toEqual([]);
    expect(record.html).not.toMatch(/\d{5}/);
  }
}

/** Words that markup is made of and that somebody may also write. */
const MARKUP = new Set([
  "message",
  "title",
  "image",
  "video",
  "audio",
  "document",
  "contact",
  "group",
  "search",
  "check",
]);

/** Facts that do not hold on the slice's page, as `queunir canary` says. */
function canary(service: Service): string[] {
  const { stdout, stderr, status } = spawnSync(binary("queunir"), ["--state", service.state, "canary", "1", "--json"], {
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(`canary: ${stderr}`);
  const { facts } = JSON.parse(stdout) as { facts: { id: string; holds: string }[] };
  const broken = facts.filter(({ holds }) => holds === "no").map(({ id }) => id);
  if ((status === 0) !== (broken.length === 0)) throw new Error(`canary ended with ${status}: ${broken}`);
  return broken;
}

/** What the slice says of its reader; undefined when it says that all is well. */
async function reader(account: Account): Promise<Reader | undefined> {
  const link = await account.get<{ state: string; reader?: Reader }>("/api/status/state");
  return link.reader;
}

/** Another look from the next document on; a new browser loads it at once. */
async function redraw(service: Service, generation: string): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/look`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ generation, stranger_card: true }),
  });
  if (!answer.ok) throw new Error(`look: ${answer.status} ${await answer.text()}`);
  for (const pid of service.processesMatching(/^(?!.*--type=).*chromium.*--user-data-dir/)) kill(pid);
}

/** The log of the slice. */
function remarks(service: Service): string {
  return readFileSync(join(service.state, "slices/1/slice.log"), "utf8");
}
