// What the gateway costs: a ping and a list of 50 chats through it, through nginx without authentication, and through
// Express with one session query per request. All three speak mutual TLS with the gateway's certificate to one slice.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Account, until } from "../e2e/account.ts";
import { freePort, Service } from "../e2e/service.ts";
import { load } from "./load.mjs";
import { answers } from "./peers/answers.mjs";
import { startNginx } from "./peers/nginx.mjs";
import { cpuMs, cpuSince, memoryMb } from "./processes.mjs";
import { percentile, report } from "./report.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SECONDS = Number(process.env.ROUND_SECONDS ?? 4);
const CHATS = 50;
/** Longer than idle connections are kept, to the slice and to the database. */
const REST_MS = 70_000;
const PEERS = {
  nginx: "nginx without authentication, 2 workers",
  express: "Express + http-proxy-middleware + session query, 1 process",
};
const PATHS = { ping: "/api/status/state", list: "/api/chats" };

const service = await Service.create({ scenario: "test" });
const stop = [() => service.remove()];
try {
  const account = await fiftyChats();
  const headers = { cookie: account.cookie };
  const peer = { slice: theSlice(), tls: join(service.state, "tls") };
  const nginx = await startNginx({ ...peer, port: await freePort() });
  stop.unshift(nginx.stop);
  const express = await startExpress(peer, headers);
  stop.unshift(express.stop);
  const gateway = {
    url: service.app.replace("localhost", "127.0.0.1"),
    pids: () => service.processesMatching(/ gateway $/),
  };
  const doors = { gateway, nginx, express };
  const atRest = memoryMb(gateway.pids(), "Rss");
  await sameAnswers(doors, headers);
  const seen = await rounds(doors, headers);
  report("gateway", [...speed(seen), ...cost(seen), ...(await memory(doors, atRest))]);
} finally {
  for (const step of stop) await step();
}

/** An account with 50 chats, linked once; its browser has ended again, so that only the doors are at work. */
async function fiftyChats() {
  const chat = (index) => `[[chats]]
name = "Customer ${index}"
phone = "+55 11 9${String(2_000 + index)}-00${String(index).padStart(2, "0")}"
script = '''
@ -${index + 1}d 10:00
< Good morning, is order ${index} ready?
> It is, you can fetch it until six.
'''
`;
  const toml = `seed = 50
[account]
id = "fifty"
name = "Fifty"
phone = "+55 11 90000-0050"
locale = "en"
time_zone = "America/Sao_Paulo"
${Array.from({ length: CHATS }, (_, index) => chat(index)).join("")}`;
  const added = await fetch(`${service.simulator}/_sim/accounts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ toml }),
  });
  if (!added.ok) throw new Error(`accounts: ${added.status} ${await added.text()}`);
  const account = await Account.register(service);
  await account.link("on_open", "fifty");
  await until("50 chats", async () => ((await account.chats()).length === CHATS ? true : undefined));
  await account.call("POST", "/api/connection/cancel");
  await until("no browser", async () => (service.processesMatching(/user-data-dir=/).length === 0 ? true : undefined));
  return account;
}

/** Port and certificate name of the only slice, as the orchestrator wrote them down. */
function theSlice() {
  const folder = join(service.state, "slices");
  const [number] = readdirSync(folder).filter((name) => /^\d+$/.test(name));
  const { port, generation } = JSON.parse(readFileSync(join(folder, number, "spec.json"), "utf8"));
  return { port, name: `slice-${number}.g${generation}` };
}

async function startExpress(peer, headers) {
  const settings = readFileSync(join(service.state, "settings.toml"), "utf8");
  const [, host] = /^socket = "(.*)"$/m.exec(settings);
  const database = {
    host,
    port: Number(/^\[database\][^[]*^port = (\d+)$/m.exec(settings)[1]),
    user: "queunir_gw",
    password: readFileSync(join(service.state, "secrets", "gateway.password"), "utf8"),
    database: "wank_saas",
  };
  const port = await freePort();
  const program = new URL("peers/express.mjs", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--no-deprecation", program, JSON.stringify({ ...peer, port, database })], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(url + PATHS.ping, headers);
  return { url, pids: () => [child.pid], stop: () => child.kill() };
}

/** What is compared has to be the same thing. */
async function sameAnswers(doors, headers) {
  for (const path of Object.values(PATHS)) {
    const bodies = await Promise.all(Object.values(doors).map(({ url }) => answers(url + path, headers)));
    if (new Set(bodies).size !== 1) throw new Error(`${path} is answered differently`);
  }
}

/** Door after door, again and again, so that whatever else the machine does meets all of them. */
async function rounds(doors, headers) {
  const seen = {};
  for (const [what, path] of Object.entries(PATHS)) {
    for (const { url } of Object.values(doors)) await load(url + path, { headers, seconds: 1 });
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, door] of Object.entries(doors)) {
        const parts = {
          cpu: door.pids,
          database: () => service.processesMatching(/^postgres: queunir_gw /),
          slice: () => service.processesMatching(/ slice --spec |^postgres: wa_slice_/),
        };
        const before = Object.entries(parts).map(([part, pids]) => [part, pids, cpuMs(pids())]);
        const done = await load(door.url + path, { headers, seconds: SECONDS });
        const micros = before.map(([part, pids, used]) => [
          part,
          (1000 * cpuSince(used, cpuMs(pids()))) / done.requests,
        ]);
        const one = { perSecond: done.perSecond, p99: done.p99, ...Object.fromEntries(micros) };
        one.withDatabase = one.cpu + one.database;
        one.path = one.withDatabase + one.slice;
        seen[`${what} ${name}`] ??= [];
        seen[`${what} ${name}`].push(one);
      }
    }
  }
  return seen;
}

function figure(seen, what, door, kind, unit, least, name) {
  const [ours, theirs] = ["gateway", door].map((name) => seen[`${what} ${name}`].map((round) => round[kind]));
  const [own, other] = [percentile(ours, 0.5), percentile(theirs, 0.5)];
  const ratios = ours.map((value, round) => value / theirs[round]);
  return {
    name: `${what}: ${name}`,
    ours: own,
    peer: other,
    peer_name: PEERS[door],
    unit,
    wanted: least ? `at least ${least} times the peer's` : "stated",
    holds: least ? own / other >= least : true,
    spread: `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${ROUNDS} rounds`,
  };
}

function speed(seen) {
  return [
    figure(seen, "ping", "nginx", "perSecond", "req/s", 0.5, "requests per second"),
    figure(seen, "ping", "express", "perSecond", "req/s", 7, "requests per second"),
    figure(seen, "list", "nginx", "perSecond", "req/s", 0.85, "requests per second"),
    figure(seen, "list", "express", "perSecond", "req/s", undefined, "requests per second"),
  ];
}

function cost(seen) {
  return ["ping", "list"].flatMap((what) => [
    figure(seen, what, "nginx", "cpu", "us", undefined, "CPU per request"),
    figure(seen, what, "express", "withDatabase", "us", undefined, "CPU per request with its session's query"),
    // What all processes of the way take decides how many requests the machine can do, whatever else runs on it.
    figure(seen, what, "nginx", "path", "us", undefined, "CPU per request with slice and databases"),
    figure(seen, what, "express", "path", "us", undefined, "CPU per request with slice and databases"),
    figure(seen, what, "nginx", "p99", "ms", undefined, "p99 of 32 connections"),
    figure(seen, what, "express", "p99", "ms", undefined, "p99 of 32 connections"),
  ]);
}

/** At rest is before any load, and when the connections that a load left behind are closed. */
async function memory({ gateway, nginx, express }, before) {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const row = (name, ours, door, peer) => ({
    name: `memory at rest (RSS), ${name}`,
    ours,
    peer: memoryMb(peer.pids(), "Rss"),
    peer_name: `${PEERS[door]}, after the load`,
    unit: "MB",
    wanted: "under 40",
    holds: ours < 40,
  });
  const after = memoryMb(gateway.pids(), "Rss");
  return [row("before any load", before, "nginx", nginx), row("after the load", after, "express", express)];
}
