// What the simulator itself costs: many protocol clients, three real pages, two thousand chats, 200 messages a second.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, setPriority } from "node:os";
import { getuid } from "node:process";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { chromium } from "playwright-core";
import { cpuMs, cpuSince, memoryMb, tree } from "./processes.mjs";
import { percentile } from "./report.mjs";
import { compare, walk } from "./sim/walk.mjs";

const CLIENTS = Number(process.env.CLIENTS ?? 50);
const SECONDS = Number(process.env.SECONDS ?? 30);
const PER_SECOND = Number(process.env.PER_SECOND ?? 200);
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
/** The speed of the walk and of the clients' linking; the rain falls at speed 1. */
const FAST = 50;
/** The speed at which pages are linked: a code must live long enough to be scanned on a busy machine. */
const BRISK = 8;
const LONGEST = 20_000;

const folder = process.env.QN_TEST_BIN ?? new URL("../target/debug", import.meta.url).pathname;
// Pages and clients are the load, not what is measured: where cores are few they give way to the simulator, as far as
// the machine allows (only root may ask for a turn at once); otherwise the lag is that of the scheduler's queue.
const command = [`${folder}/queunir-sim`, "--listen", "127.0.0.1:0", "--scenario", "huge-history"];
const atOnce = getuid() === 0 ? ["chrt", "--fifo", "1"] : [];
const [program, ...args] = [...atOnce, ...command];
const server = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
setPriority(10);
const load = loadavg()[0].toFixed(1);
let browser;
let clients;
try {
  const base = await address();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
  await post(base, "speed", { speed: BRISK });
  const pages = [];
  for (let index = 0; index < 3; index += 1) pages.push(await page(base));
  await post(base, "speed", { speed: FAST });
  const walked = process.env.WALK === "0" ? null : await walk(pages[0]);
  clients = await linked(base);
  console.log(`${CLIENTS} clients and ${pages.length} pages are in`);
  await post(base, "speed", { speed: 1 });
  const fell = await rain(base);
  const kept = memoryMb([server.pid], "Rss") / 1.048576;
  // The ledger of 200,000 messages comes last: to write it down costs more than anything that is measured.
  const found = walked && compare(walked.keys, await longest(base));
  summary([
    ["messages a second", fell.rate, `${PER_SECOND}`, fell.rate > PER_SECOND * 0.99],
    ["a message taken, p99, ms", fell.p99, "stated", true],
    ["percent of a core", fell.cores * 100, "under 100", fell.cores < 1],
    ["own lag, p99, ms", fell.lag, "under 50", fell.lag < 50],
    ["memory, MiB", kept, "stated", true],
    ["frames to clients, a second", fell.frames, "stated", true],
    ["percent of a core, three pages", fell.browser * 100, "stated", true],
    ...(found
      ? [
          ["messages walked in a page", found.messages, `${LONGEST}`, found.messages === LONGEST],
          ["each of them once, in order", Number(found.right), "1", found.right],
          ["seconds of the walk", walked.seconds, "under 180", walked.seconds < 180],
        ]
      : []),
  ]);
} finally {
  await clients?.terminate();
  await browser?.close();
  server.kill("SIGTERM");
}

async function address() {
  for await (const line of createInterface({ input: server.stderr })) {
    const found = /address=(127\.0\.0\.1:\d+)/.exec(line.replace(/\p{Cc}\[[\d;]*m/gu, ""));
    if (found) return `http://${found[1]}`;
  }
  throw new Error("the simulator did not say where it listens");
}

async function post(base, path, body) {
  const response = await fetch(`${base}/_sim/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await response.arrayBuffer();
}

/** The protocol clients, all linked and listening. */
async function linked(base) {
  const worker = new Worker(new URL("sim/clients.mjs", import.meta.url), { workerData: { base, count: CLIENTS } });
  await answer(worker);
  return worker;
}

function answer(worker) {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", resolve);
  });
}

/** How many frames the clients have got. */
function frames() {
  clients.postMessage("frames");
  return answer(clients);
}

async function page(base) {
  const context = await browser.newContext({ userAgent: AGENT, viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  await tab.goto(`${base}/?locale=en`);
  await post(base, "scan", { code: await tab.locator("[data-ref]").getAttribute("data-ref") });
  await tab.locator("#pane-side").waitFor({ timeout: 60_000 });
  await tab.locator('#pane-side [data-testid="cell-frame-container"]').first().click();
  await tab.locator("#main [data-id]").first().waitFor();
  return tab;
}

/** Lets customers write at an even pace: each message has its moment and waits for no other one's answer. */
async function rain(base) {
  const people = (await (await fetch(`${base}/_sim/accounts/huge/chats`)).json()).slice(1, 1001);
  // Chromium's processes are children of ours, as the simulator is.
  const browsers = tree(process.pid).filter((pid) => pid !== process.pid && pid !== server.pid);
  const before = { own: cpuMs([server.pid]), browser: cpuMs(browsers), frames: await frames() };
  const start = performance.now();
  const took = [];
  const under = [];
  for (let index = 0; index < SECONDS * PER_SECOND; ) {
    for (const due = ((performance.now() - start) * PER_SECOND) / 1000; index <= due; index += 1) {
      if (index >= SECONDS * PER_SECOND) break;
      under.push(write(base, people[index % people.length].id, index, took));
    }
    await new Promise((done) => setTimeout(done, 1));
  }
  await Promise.all(under);
  const seconds = (performance.now() - start) / 1000;
  const { lag } = await (await fetch(`${base}/_sim/health`)).json();
  return {
    rate: took.length / seconds,
    p99: percentile(took, 0.99),
    cores: cpuSince(before.own, cpuMs([server.pid])) / 1000 / seconds,
    browser: cpuSince(before.browser, cpuMs(browsers)) / 1000 / seconds,
    lag: lag.p99_ms,
    frames: ((await frames()) - before.frames) / seconds,
  };
}

async function write(base, chat, index, took) {
  const start = performance.now();
  await post(base, "accounts/huge/incoming", { chat, text: `rain ${index}` });
  took.push(performance.now() - start);
}

/** The longest chat, as the ledger has it. */
async function longest(base) {
  const ledger = await (await fetch(`${base}/_sim/ledger?account=huge`)).json();
  return ledger.accounts[0].chats.reduce((long, chat) => (chat.messages.length > long.messages.length ? chat : long));
}

function summary(lines) {
  const machine = `${cpus().length} x ${cpus()[0].model.trim()}, load ${load}`;
  console.log(`\nsim on ${machine}`);
  for (const [name, figure, wanted, holds] of lines)
    console.log(
      `  ${name.padEnd(32)} ${figure.toFixed(1).padStart(9)}   wanted ${wanted}: ${holds ? "holds" : "FAILS"}`,
    );
  const out = new URL("out/", import.meta.url);
  mkdirSync(out, { recursive: true });
  const figures = lines.map(([name, figure, wanted, holds]) => ({ name, figure, wanted, holds }));
  writeFileSync(new URL("sim.json", out), `${JSON.stringify({ name: "sim", machine, figures }, null, 2)}\n`);
}
