// From a clone to a usable page, phase by phase, as a newcomer meets them: clone, set-up, web app, executables,
// database and roles, first page. The caches of cargo and npm are the machine's own; the target directory is empty.
// Nobody else's figure fits, so the peer is the same start once more, when everything is built.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { freePort } from "../e2e/service.ts";
import { report } from "./report.mjs";

const ROOT = new URL("..", import.meta.url).pathname;

const dir = mkdtempSync(join(tmpdir(), "qn-start-"));
const clone = join(dir, "queunir");
const env = { ...process.env, CARGO_TARGET_DIR: join(dir, "target") };
// What our own make set for itself and its children.
for (const name of ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "QN_TEST_BIN"]) delete env[name];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
try {
  const cold = { clone: seconds(() => run("git", ["clone", "--quiet", "--no-local", ROOT, clone], dir)) };
  Object.assign(cold, make(), await demo());
  const warm = { clone: 0, ...make(), ...(await demo()) };
  const sum = (phases) => Object.values(phases).reduce((all, one) => all + one, 0);
  const row = (name, ours, peer) => ({
    name,
    ours,
    peer,
    peer_name: "the same once more, everything built",
    unit: "s",
    wanted: "stated",
    holds: true,
  });
  report("start", [
    ...Object.keys(cold).map((phase) => row(phase, cold[phase], warm[phase])),
    row("command to usable page", sum(cold), sum(warm)),
  ]);
} finally {
  await browser.close();
  rmSync(dir, { recursive: true, force: true });
}

function make() {
  const phases = { "system packages and npm": "setup", "web app": "web", executables: "build" };
  return Object.fromEntries(
    Object.entries(phases).map(([phase, target]) => [phase, seconds(() => run("make", ["--silent", target], clone))]),
  );
}

/** `make demo` on a fresh state directory: until the addresses are printed, and until the sign-in page is there. */
async function demo() {
  const [port, phone] = [await freePort(), await freePort()];
  const state = mkdtempSync(join(tmpdir(), "qn-start-state-"));
  const settings = `${state}.toml`;
  writeFileSync(settings, `[server]\nlisten = "127.0.0.1:${port}"\n[demo]\nlisten = "127.0.0.1:${phone}"\n`);
  rmSync(state, { recursive: true });
  const began = performance.now();
  const child = spawn("make", ["--silent", "demo", `ARGS=--settings ${settings} --state ${state}`], {
    cwd: clone,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    await printed(child, "Ctrl-C stops everything");
    const ready = performance.now();
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}`);
    await page.getByLabel("E-mail").waitFor();
    const usable = performance.now();
    await page.close();
    return { "database and roles": (ready - began) / 1000, "first page": (usable - ready) / 1000 };
  } finally {
    // Make hands only this signal on to what it runs.
    child.kill("SIGTERM");
    await ended;
    rmSync(state, { recursive: true, force: true });
    rmSync(settings, { force: true });
  }
}

function printed(child, words) {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.includes(words)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`make demo ended with ${code}: ${output}`)));
  });
}

function run(program, args, cwd) {
  execFileSync(program, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
}

function seconds(work) {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}
