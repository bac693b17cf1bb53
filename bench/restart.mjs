// The host restarts with linked slices on it: everything dies at once, the service starts again, and each slice is ready
// when it is linked and a message that a customer writes then is at the seller's. The peer starts as many browsers with
// puppeteer-core on the same page all at once, as supervisors without admission do, and waits for their codes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { until } from "../e2e/account.ts";
import { control } from "../e2e/database.ts";
import { killEngine } from "../e2e/engine.ts";
import { Follower } from "../e2e/follower.ts";
import { ledger } from "../e2e/ledger.ts";
import { seller } from "../e2e/sellers.ts";
import { binary, Service } from "../e2e/service.ts";
import { engineSocket } from "../e2e/simulator.ts";
import { incoming } from "../e2e/traffic.ts";
import { openPage, startBrowser } from "./peers/page.mjs";
import { report } from "./report.mjs";

const SLICES = Number(process.env.SLICES ?? 12);
/** A page that is not there after this has failed. */
const LIMIT_S = 300;

const service = await Service.create({ scenario: "test", speed: 20 });
try {
  const sellers = [];
  for (let number = 1; number <= SLICES; number++) sellers.push(await seller(service, number));
  await service.killTree();
  if (engineSocket()) await killEngine();

  const ours = await measured(async (since) => {
    await service.start();
    return Promise.all(sellers.map((account) => ready(account).then(() => performance.now() - since)));
  });
  const failed = control(service, "select count(*) from gateway.slices where failures > 0 or phase <> 'linked'")[0];
  await service.stop();

  const theirs = await measured(() => together(SLICES));
  const row = (name, of, unit, wanted, holds = true) => ({
    ...{ name, ours: of(ours), peer: of(theirs), unit, wanted, holds },
    peer_name: `puppeteer-core, ${SLICES} at once, to the code`,
  });
  report("restart", [
    row("first ready", ({ times }) => Math.min(...times) / 1000, "s", "stated"),
    row(`all ${SLICES} ready`, ({ times }) => Math.max(...times) / 1000, "s", "stated"),
    row("most that wanted to run at once", ({ running }) => running, "threads", "stated"),
    row("load of a minute, highest", ({ load }) => load, "", "stated"),
    { ...row("failures", ({ failures }) => failures, "", "0"), ours: Number(failed), holds: Number(failed) === 0 },
  ]);
} finally {
  await service.remove();
}

/** What `act` took, in ms for each, and how busy the machine was meanwhile. */
async function measured(act) {
  const seen = { running: 0, load: 0 };
  const timer = setInterval(() => {
    seen.running = Math.max(seen.running, running());
    seen.load = Math.max(seen.load, loadavg()[0]);
  }, 250);
  const since = performance.now();
  const times = await act(since);
  clearInterval(timer);
  return { ...seen, times, failures: times.filter((time) => !Number.isFinite(time)).length };
}

/** Threads that run or wait for a core, this look itself not counted. */
function running() {
  return Number(readFileSync("/proc/loadavg", "utf8").split(" ")[3].split("/")[0]) - 1;
}

/** The slice is linked and reads: what a customer writes now arrives. */
async function ready(account) {
  const linked = async () => {
    const { state } = await account.get("/api/status/state");
    return state === "linked" ? true : undefined;
  };
  await until("a linked slice", linked, LIMIT_S, 250);
  const follower = new Follower(account);
  const { id, chats } = await ledger(service, account.phone);
  const text = `after the restart, ${account.phone}`;
  await incoming(service, id, chats.find((chat) => chat.kind === "contact").id, text);
  await until("the message", async () => (follower.texts.includes(text) ? true : undefined), LIMIT_S);
  await follower.end();
}

/** So many browsers at once on a simulator of their own; how long each took to its code, without end if it had none. */
async function together(count) {
  const address = `127.0.0.1:${service.simPort}`;
  const simulator = spawn(binary("queunir-sim"), ["--listen", address], { stdio: "ignore" });
  await until("the simulator", async () => ((await fetch(`http://${address}/_sim/health`)).ok ? true : undefined));
  const browsers = [];
  const since = performance.now();
  const one = async () => {
    const browser = await startBrowser();
    browsers.push(browser);
    await openPage(browser.browser, `http://${address}`);
    return performance.now() - since;
  };
  const times = await Promise.all(Array.from({ length: count }, () => one().catch(() => Number.POSITIVE_INFINITY)));
  for (const browser of browsers) await browser.close();
  const ended = once(simulator, "exit");
  simulator.kill("SIGTERM");
  await ended;
  return times;
}
