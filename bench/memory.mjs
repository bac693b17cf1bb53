// Memory of a slice with the demo account linked: its process and its browser, for both engines. The peer is a Node
// process with puppeteer-core that holds the same page. Ours is measured before the peer starts and ends before it,
// so that neither shares the other's pages; figures are PSS.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Account, until } from "../e2e/account.ts";
import { Service } from "../e2e/service.ts";
import { memoryMb, tree } from "./processes.mjs";
import { percentile, report } from "./report.mjs";

const ENGINES = { chromium: "/usr/bin/chromium", headless_shell: "/usr/bin/chromium-headless-shell" };
const SAMPLES = 5;
const PAUSE_MS = 2000;

const figures = [];
for (const [engine, executable] of Object.entries(ENGINES)) {
  const service = await Service.create({ engine });
  try {
    const ours = await slice(service);
    const theirs = await peer(service, executable);
    const row = (name, part, limit) => ({
      name: `${engine}: ${name}`,
      ours: ours[part],
      peer: theirs[part],
      peer_name: "Node + puppeteer-core with the same page",
      unit: "MB",
      wanted: limit ? `under ${limit}` : "stated",
      holds: limit ? ours[part] < limit : true,
    });
    figures.push(row("slice process", "process", 30), row("browser", "browser"), row("both", "both"));
  } finally {
    await service.remove();
  }
}
report("memory", figures);

async function slice(service) {
  const account = await Account.register(service);
  await account.link("background");
  const [pid] = service.processesMatching(/ slice --spec /);
  const found = await settled(pid);
  await account.call("POST", "/api/connection/cancel");
  await until("no browser", async () => (tree(pid).length === 1 ? true : undefined));
  return found;
}

async function peer(service, engine) {
  const program = new URL("peers/hold.mjs", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, JSON.stringify({ simulator: service.simulator, engine })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const found = await settled(child.pid);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  return found;
}

/** Medians over some samples, once the sum has stopped growing or shrinking by more than a fiftieth. */
async function settled(root) {
  const samples = [];
  for (;;) {
    const browser = memoryMb(tree(root).filter((pid) => pid !== root));
    const process = memoryMb([root]);
    samples.push({ process, browser, both: process + browser });
    if (samples.length > SAMPLES) samples.shift();
    const sums = samples.map(({ both }) => both);
    if (samples.length === SAMPLES && Math.max(...sums) < 1.02 * Math.min(...sums)) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const middle = (part) =>
    percentile(
      samples.map((sample) => sample[part]),
      0.5,
    );
  return { process: middle("process"), browser: middle("browser"), both: middle("both") };
}
