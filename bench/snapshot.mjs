// How long a profile's snapshot takes after a clean end, small as the simulator's page leaves it and with 200 MB more.
// The peer does the same with tar, zstd and age, the tools that can read it.
import { execFileSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../e2e/account.ts";
import { control } from "../e2e/database.ts";
import { binary } from "../e2e/service.ts";
import { linked } from "../e2e/traffic.ts";
import { report } from "./report.mjs";

const MB = Number(process.env.MB ?? 200);
const KEY = "age1r4dypsw586dmh2luc655dpkvazsuvtalyzuf57qyucvqyn5hs52qd5yv5z";

const { service, account } = await linked(`[snapshots]\nrecipient = "${KEY}"\n`);
const session = join(service.state, "slices/1/session");
try {
  const small = await ended(1);
  fill(join(session, "Default/IndexedDB/filled"));
  slices("start", "1", "--linked");
  await until("linked again", async () => {
    const answer = await account.call("GET", "/api/status/state");
    return (answer.ok && (await answer.json()).state === "linked") || undefined;
  });
  const large = await ended(2);
  const row = (name, ours, peer, unit) => {
    return { name, ours, peer, peer_name: "tar, zstd and age", unit, wanted: "stated", holds: true };
  };
  report("snapshot", [
    row("a profile of the simulator's page, time", small.ours.took_ms, small.peer.took_ms, "ms"),
    row("the same, size", small.ours.bytes / 1e6, small.peer.bytes / 1e6, "MB"),
    row(`with ${MB} MB more, time`, large.ours.took_ms, large.peer.took_ms, "ms"),
    row("the same, size", large.ours.bytes / 1e6, large.peer.bytes / 1e6, "MB"),
  ]);
} finally {
  await service.remove();
}

/** Ends the slice and waits for its snapshots; gives what the last one took, and what the peer takes for the same. */
async function ended(count) {
  slices("stop", "1");
  const ours = await until("a snapshot", async () => {
    const found = control(service, "select detail from gateway.events where kind = 'slice.snapshot' order by id");
    return found.length === count ? JSON.parse(found[count - 1]) : undefined;
  });
  return { ours, peer: peer() };
}

function peer() {
  const out = join(service.state, "peer.age");
  const began = performance.now();
  const caches = ["*Cache*", "Singleton*"].map((name) => `--exclude=${name}`);
  const pipe = `set -o pipefail; tar ${caches.map((one) => `'${one}'`).join(" ")} -C '${session}' -c . | zstd -q -3 | age -r ${KEY} >'${out}' && sync '${out}'`;
  execFileSync("bash", ["-c", pipe]);
  const took_ms = performance.now() - began;
  const bytes = statSync(out).size;
  rmSync(out);
  return { took_ms, bytes };
}

/** Files of a megabyte, half of each as random as a message's keys, half as even as a table's empty pages. */
function fill(folder) {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < MB; at += 1) {
    const content = Buffer.alloc(1_000_000);
    randomFillSync(content, 0, 500_000);
    writeFileSync(join(folder, `${at}.ldb`), content);
  }
}

/** What an operator types. */
function slices(...words) {
  const place = ["--settings", join(service.state, "settings.toml"), "--state", service.state];
  execFileSync(binary("queunir"), [...place, "slices", ...words], { stdio: "pipe" });
}
