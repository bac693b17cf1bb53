// What a slice costs, engine by engine: CPU and memory of its process and its browser while it starts and links, at rest,
// with customers who write, and without a browser; and from these samples how many of them a machine of 16 cores and 64 GB
// holds. The peer is a Node process with puppeteer-core that holds the same page and reads nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "../e2e/account.ts";
import { ledger } from "../e2e/ledger.ts";
import { phoneOf, seller, withoutBrowser } from "../e2e/sellers.ts";
import { Service } from "../e2e/service.ts";
import { incoming } from "../e2e/traffic.ts";
import { cpuMs, cpuSince, memoryMb, tree } from "./processes.mjs";
import { percentile, report } from "./report.mjs";

const ENGINES = { chromium: "/usr/bin/chromium", headless_shell: "/usr/bin/chromium-headless-shell" };
/** Slices of each engine, whose costs are averaged. */
const SLICES = Number(process.env.SLICES ?? 3);
/** How long rest and work are measured, and the pause before. */
const SECONDS = Number(process.env.SECONDS ?? 60);
const CALM_MS = 20_000;
/** What customers write to a busy seller, in all. */
const PER_SECOND = 1;
/** The machine that is counted for; what it keeps for itself and the database, and the share of its cores to plan with. */
const HOST = { cores: 16, memoryMb: 64_000, reserveMb: 4_300, share: 0.7 };
/** Of all slices so many are busy at a time. */
const BUSY = 0.1;
const LOOK_MS = 200;

const figures = [];
for (const [engine, executable] of Object.entries(ENGINES)) {
  const service = await Service.create({ scenario: "test", engine });
  try {
    const ours = await slices(service);
    const theirs = await peer(service, executable);
    const row = (name, own, other, unit) => ({
      ...{ name: `${engine}: ${name}`, ours: own, peer: other, unit, wanted: "stated", holds: true },
      peer_name: "Node + puppeteer-core with the same page",
    });
    figures.push(
      row("start to linked, CPU", ours.start.cpuS, theirs.start.cpuS, "s"),
      row("start to linked, time", ours.start.tookS, theirs.start.tookS, "s"),
      row("start, memory at most", ours.start.memoryMb, theirs.start.memoryMb, "MB"),
      row("at rest, CPU", ours.rest.cpu, theirs.rest.cpu, "% of a core"),
      row("at rest, memory", ours.rest.memoryMb, theirs.rest.memoryMb, "MB"),
      row(`${PER_SECOND} message a second, CPU`, ours.busy.cpu, theirs.busy.cpu, "% of a core"),
      row(`${PER_SECOND} message a second, memory`, ours.busy.memoryMb, theirs.busy.memoryMb, "MB"),
      row("without a browser, CPU", ours.service.cpu, theirs.rest.cpu, "% of a core"),
      row("without a browser, memory", ours.service.memoryMb, theirs.rest.memoryMb, "MB"),
      row("fit on 16 cores and 64 GB, by memory", byMemory(ours), byMemory(theirs), ""),
      row("fit, by CPU, one in ten busy", byCpu(ours), byCpu(theirs), ""),
    );
  } finally {
    await service.remove();
  }
}
report("cost", figures);

function byMemory({ rest, busy }) {
  return Math.floor((HOST.memoryMb - HOST.reserveMb) / ((1 - BUSY) * rest.memoryMb + BUSY * busy.memoryMb));
}

function byCpu({ rest, busy }) {
  return Math.floor((HOST.share * 100 * HOST.cores) / ((1 - BUSY) * rest.cpu + BUSY * busy.cpu));
}

async function slices(service) {
  await withoutBrowser(service, 1);
  const all = () => service.processesMatching(/ slice --spec /);
  const [without] = all();
  const starts = [];
  const accounts = [];
  for (let number = 1; number <= SLICES; number++) {
    const known = all();
    starts.push(
      await watched(
        () => all().filter((pid) => !known.includes(pid)),
        async () => accounts.push(await seller(service, number)),
      ),
    );
  }
  const linked = all().filter((pid) => pid !== without);
  const served = await over([without], SECONDS);
  const rest = await over(linked, SECONDS);
  const busy = await busily(
    service,
    accounts.map((account) => account.phone),
    () => over(linked, SECONDS),
  );
  for (const account of accounts) await account.call("POST", "/api/connection/cancel");
  await until("no browser", async () => (linked.every((pid) => tree(pid).length <= 1) ? true : undefined));
  const mean = (part) => starts.reduce((sum, start) => sum + start[part], 0) / starts.length;
  return {
    service: served,
    rest,
    busy,
    start: { cpuS: mean("cpuS"), tookS: mean("tookS"), memoryMb: mean("memoryMb") },
  };
}

async function peer(service, executable) {
  const program = new URL("peers/hold.mjs", import.meta.url).pathname;
  const account = phoneOf(1);
  let child;
  const start = await watched(
    () => (child ? [child.pid] : []),
    async () => {
      const settings = JSON.stringify({ simulator: service.simulator, engine: executable, account });
      child = spawn(process.execPath, [program, settings], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
    },
  );
  const rest = await over([child.pid], SECONDS);
  const busy = await busily(service, [account], () => over([child.pid], SECONDS));
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  return { start, rest, busy };
}

/** What the trees of `roots` cost until `act` is done; whoever has ended by then is not counted. */
async function watched(roots, act) {
  const began = performance.now();
  let most = 0;
  let used = 0;
  const look = () => {
    const pids = roots().flatMap(tree);
    most = Math.max(most, memoryMb(pids));
    used = cpuSince(new Map(), cpuMs(pids));
  };
  const timer = setInterval(look, LOOK_MS);
  await act();
  clearInterval(timer);
  look();
  return { cpuS: used / 1000, memoryMb: most, tookS: (performance.now() - began) / 1000 };
}

/** What each of the trees costs over some seconds, after a calm. */
async function over(roots, seconds) {
  await new Promise((resolve) => setTimeout(resolve, CALM_MS));
  const pids = () => roots.flatMap(tree);
  const before = cpuMs(pids());
  const memory = [];
  for (let second = 0; second < seconds; second += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    memory.push(memoryMb(pids()) / roots.length);
  }
  const cpu = cpuSince(before, cpuMs(pids())) / seconds / 10 / roots.length;
  return { cpu, memoryMb: percentile(memory, 0.5) };
}

/** Lets the customers of these telephones write while `act` goes on. */
async function busily(service, phones, act) {
  let running = true;
  const customers = phones.map(async (phone) => {
    const { id, chats } = await ledger(service, phone);
    const people = chats.filter((chat) => chat.kind === "contact");
    for (let n = 0; running; n++) {
      await incoming(service, id, people[n % people.length].id, `at work ${n}`);
      await new Promise((resolve) => setTimeout(resolve, 1_000 / PER_SECOND));
    }
  });
  const found = await act();
  running = false;
  await Promise.all(customers);
  return found;
}
