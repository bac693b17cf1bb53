// What the simulator itself costs: many protocol clients, three real pages, two thousand chats, 200 messages a second.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const CLIENTS = Number(process.env.CLIENTS ?? 50);
const SECONDS = Number(process.env.SECONDS ?? 30);
const PER_SECOND = Number(process.env.PER_SECOND ?? 200);
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
/** Ticks of /proc in a second. */
const TICKS = 100;

const folder = process.env.QN_TEST_BIN ?? new URL("../target/debug", import.meta.url).pathname;
const server = spawn(`${folder}/queunir-sim`, ["--listen", "127.0.0.1:0", "--scenario", "huge-history"], {
  stdio: ["ignore", "ignore", "pipe"],
});
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
try {
  const base = await address();
  await post(base, "speed", { speed: 50 });
  const clients = [];
  for (let index = 0; index < CLIENTS; index += 1) clients.push(await client(base));
  const pages = [];
  for (let index = 0; index < 3; index += 1) pages.push(await page(base));
  console.log(`${clients.length} clients and ${pages.length} pages are in`);
  const walked = process.env.WALK === "0" ? { seen: Number.NaN, twice: 0, seconds: Number.NaN } : await walk(pages[0]);
  await post(base, "speed", { speed: 1 });
  const people = (await (await fetch(`${base}/_sim/accounts/huge/chats`)).json()).slice(1, 1001);
  const before = { cpu: cpu(), at: performance.now(), frames: frames(clients) };
  const sent = await rain(base, people);
  const seconds = (performance.now() - before.at) / 1000;
  const cores = (cpu() - before.cpu) / seconds;
  const { lag } = await (await fetch(`${base}/_sim/health`)).json();
  const rate = sent / seconds;
  const lines = [
    ["messages a second", rate, `${PER_SECOND}`, rate > PER_SECOND * 0.97],
    ["percent of a core", cores * 100, "under 100", cores < 1],
    ["own lag, p99, ms", lag.p99_ms, "under 50", lag.p99_ms < 50],
    ["memory, MiB", memory(), "stated", true],
    ["frames to clients, a second", (frames(clients) - before.frames) / seconds, "stated", true],
    ["messages walked in a page", walked.seen, "20000, each once", walked.seen === 20_000 && walked.twice === 0],
    ["seconds of the walk", walked.seconds, "stated", true],
  ];
  console.log(`\nsim on ${cpus().length} x ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}`);
  for (const [name, figure, wanted, holds] of lines)
    console.log(
      `  ${name.padEnd(30)} ${figure.toFixed(1).padStart(9)}   wanted ${wanted}: ${holds ? "holds" : "FAILS"}`,
    );
} finally {
  await browser.close();
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
}

/** A linked device without a browser; it reads every frame and counts them. */
async function client(base) {
  const device = await connect(base, null, "paired", async (frame) => {
    if (frame.type === "qr") await post(base, "scan", { code: frame.ref });
  });
  return connect(base, device.frame.device, "ready", () => {});
}

function connect(base, device, until, answer) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${base.replace("http", "ws")}/_ws`);
    const state = { frames: 0, frame: null };
    socket.addEventListener("error", reject);
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "hello", device, visible: true })));
    socket.addEventListener("message", ({ data }) => {
      state.frames += 1;
      if (state.frame) return;
      const frame = JSON.parse(data);
      if (frame.type !== until) return void answer(frame);
      state.frame = frame;
      if (until === "paired") socket.close();
      resolve(state);
    });
  });
}

function frames(clients) {
  return clients.reduce((sum, one) => sum + one.frames, 0);
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

/** Walks the longest chat to its start and collects the keys of its rows. */
async function walk(tab) {
  const start = performance.now();
  const found = await tab.evaluate(async () => {
    const scroller = document.querySelector('[data-testid="conversation-panel-messages"]');
    const ended = () => document.querySelector('#main [role="button"] [data-testid="subtype-encrypt"]');
    const count = () => document.querySelectorAll('#main [data-testid^="conv-msg-"]').length;
    let idle = 0;
    for (let before = 0; !ended() && idle < 400; ) {
      scroller.scrollTo({ top: 0 });
      await new Promise((done) => setTimeout(done, 25));
      idle = count() === before ? idle + 1 : 0;
      before = count();
    }
    const keys = [...document.querySelectorAll('#main [data-testid^="conv-msg-"]')].map((row) => row.dataset.id);
    // The encryption notice has a key too and is no message.
    return { seen: new Set(keys).size - 1, twice: keys.length - new Set(keys).size };
  });
  return { ...found, seconds: (performance.now() - start) / 1000 };
}

/** Lets customers write at an even pace; gives how many messages were taken. */
async function rain(base, people) {
  const start = performance.now();
  const under = new Set();
  let sent = 0;
  for (let index = 0; index < SECONDS * PER_SECOND; index += 1) {
    const due = start + (index * 1000) / PER_SECOND;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((done) => setTimeout(done, wait));
    const body = { chat: people[index % people.length].id, text: `rain ${index}` };
    const one = post(base, "accounts/huge/incoming", body).then(() => {
      sent += 1;
      under.delete(one);
    });
    under.add(one);
  }
  await Promise.all(under);
  return sent;
}

function cpu() {
  const fields = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function memory() {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"));
  return Number(line[1]) / 1024;
}
