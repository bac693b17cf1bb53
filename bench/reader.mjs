// What the reader costs the page it reads, and how soon a large account can be read: its share of a core while nothing
// happens, its work for each batch of changes, the size of its script, the slice's process, and the first list of 1,000
// chats in the app at the simulator's true scroll cost. The peer is the same page asked for all of its rows once a
// second by a timer in it, in the same run; for the first list, the same scrolling by such a program.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account, until } from "../e2e/account.ts";
import { Service } from "../e2e/service.ts";
import { linkPage, startBrowser } from "./peers/page.mjs";
import { memoryMb, tree } from "./processes.mjs";
import { openFirst, poll, recorded, script, watchedPage } from "./reader/page.mjs";
import { scrolled } from "./reader/scroll.mjs";
import { percentile, report } from "./report.mjs";

const CHATS = 1000;
const IDLE_S = Number(process.env.IDLE_S ?? 60);
const MESSAGES = Number(process.env.MESSAGES ?? 150);
const PER_SECOND = 5;
const POLL_MS = 1000;
/** A change that is not read by then was no reason to read. */
const SETTLED_MS = 1500;

const folder = mkdtempSync(join(tmpdir(), "qn-bench-"));
// The simulator is somebody else on this machine.
chmodSync(folder, 0o755);
const scenario = join(folder, "many.toml");
writeFileSync(
  scenario,
  `seed = 7\n[account]\nid = "many"\nname = "Loja"\nphone = "+55 11 90000-0007"\nlocale = "pt-BR"\n` +
    `time_zone = "America/Sao_Paulo"\n[generate]\nchats = ${CHATS}\nmessages = ${6 * CHATS}\ndays = 30\nunread_every = 3\n`,
);
const service = await Service.create({ scenario });
const own = await startBrowser();
const peer = await startBrowser();
try {
  const first = await firstList();
  const theirFirst = await peerList();
  const process = await slice();
  const cost = await costs();
  const row = (name, ours, theirs, peer_name, unit, limit) => ({
    name,
    ours,
    peer: theirs,
    peer_name,
    unit,
    wanted: limit === undefined ? "stated" : `under ${limit}`,
    holds: limit === undefined || ours < limit,
  });
  const polled = "all rows asked for once a second";
  report("reader", [
    row("share of a core, idle", cost.idle.ours, cost.idle.theirs, polled, "%", 2),
    row(`work for a batch of changes, p95 of ${cost.batches}`, cost.p95.ours, cost.p95.theirs, polled, "ms", 5),
    row("work for a batch of changes, p50", cost.p50.ours, cost.p50.theirs, polled, "ms"),
    row(`share of a core, ${PER_SECOND} messages a second`, cost.busy.ours, cost.busy.theirs, polled, "%"),
    row("script", script.length / 1000, Number.NaN, "none", "kB", 40),
    row("slice process", process, memoryMb([globalThis.process.pid]), "this program", "MB", 25),
    row(`${CHATS} chats in the app after the list was there`, first.list, theirFirst, "the same scrolling", "s", 20),
    row(
      `${CHATS} chats in the app after the scan`,
      first.scan,
      theirFirst,
      "the same scrolling, without the scan",
      "s",
    ),
  ]);
} finally {
  await own.close();
  await peer.close();
  await service.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** A seller links; when the gateway shows every chat. */
async function firstList() {
  const account = await Account.register(service);
  const linked = account.link("on_open");
  let scan;
  let list;
  const seconds = await until(
    "every chat in the app",
    async () => {
      const answer = await account.call("GET", "/api/status/state");
      if (!answer.ok) return undefined;
      const { state } = await answer.json();
      if (state !== "starting" && state !== "qr" && state !== "no_browser") scan ??= performance.now();
      if (state !== "linked") return undefined;
      list ??= performance.now();
      return (await account.chats()).length >= CHATS ? performance.now() : undefined;
    },
    300,
  );
  await linked;
  return { scan: (seconds - scan) / 1000, list: (seconds - list) / 1000 };
}

/** How long the peer scrolls until it has met as many. */
async function peerList() {
  // In a browser of its own: a profile is linked once.
  const { browser, close } = await startBrowser();
  try {
    return await scrolled(await linkPage(browser, service.simulator), CHATS);
  } finally {
    await close();
  }
}

/** The slice's own process with everything linked and read, once the account's browser is quiet. */
async function slice() {
  const [pid] = service.processesMatching(/ slice --spec /);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const found = memoryMb([pid]);
  if (tree(pid).length < 2) throw new Error("the slice has no browser");
  return found;
}

/** Reader and peer on a page of their own each, in one recording. */
async function costs() {
  const read = await watchedPage(own.browser, service.simulator, true);
  const polled = await watchedPage(peer.browser, service.simulator, false);
  for (const { page } of [read, polled]) await openFirst(page);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const stop = await poll(polled.page, POLL_MS);
  const both = async (work) => {
    let theirs;
    const ours = await recorded(read.page, async () => {
      theirs = await recorded(polled.page, work);
    });
    return { seconds: ours.seconds, reader: ours.reader, poll: theirs.poll };
  };
  const idle = await both(() => new Promise((resolve) => setTimeout(resolve, IDLE_S * 1000)));
  const busy = await both(submit);
  await stop();
  read.stop();
  const share = (calls, seconds) => calls.reduce((sum, { ms }) => sum + ms, 0) / 10 / seconds;
  const batches = batchesOf(busy.reader);
  const polls = busy.poll.map(({ ms }) => ms);
  if (batches.length < MESSAGES / 3 || polls.length < 5) throw new Error("too little was recorded");
  return {
    batches: batches.length,
    idle: { ours: share(idle.reader, idle.seconds), theirs: share(idle.poll, idle.seconds) },
    busy: { ours: share(busy.reader, busy.seconds), theirs: share(busy.poll, busy.seconds) },
    p50: { ours: percentile(batches, 0.5), theirs: percentile(polls, 0.5) },
    p95: { ours: percentile(batches, 0.95), theirs: percentile(polls, 0.95) },
  };
}

/** A batch: what is heard of changes, up to and with the read that they cause. Calls of less than this only listen. */
function batchesOf(calls) {
  const reads = mostUsed(calls);
  const batches = [];
  let heard = 0;
  for (const { name, ms } of calls) {
    heard += ms;
    if (name !== reads) continue;
    batches.push(heard);
    heard = 0;
  }
  return batches;
}

/** The function that reads is the one that the time goes to. */
function mostUsed(calls) {
  const sums = new Map();
  for (const { name, ms } of calls) sums.set(name, (sums.get(name) ?? 0) + ms);
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Messages to three chats in turn, the open one among them. */
async function submit() {
  const chats = (await (await fetch(`${service.simulator}/_sim/accounts/many/chats`)).json()).slice(0, 3);
  for (let index = 0; index < MESSAGES; index++) {
    const answer = await fetch(`${service.simulator}/_sim/accounts/many/incoming`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chat: chats[index % chats.length].id, text: `bench ${index} of ${MESSAGES}` }),
    });
    if (!answer.ok) throw new Error(`incoming: ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 / PER_SECOND));
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
}
