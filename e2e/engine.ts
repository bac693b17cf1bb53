// The Docker engine of `scripts/with-docker.sh`, as something that can die, and what slices have on it.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { until } from "./account.ts";
import { kill } from "./service.ts";

/** How long the engine may take for an answer. */
const ANSWER_MS = 20_000;

const docker = (...words: string[]): string[] =>
  execFileSync("docker", words, { encoding: "utf8", stdio: "pipe", timeout: ANSWER_MS }).split("\n").filter(Boolean);

/** Names of the slices' containers, of all that exist or of those that run. */
export function containerNames(which: "all" | "running"): string[] {
  const all = which === "all" ? ["--all"] : [];
  return docker("container", "ls", ...all, "--filter", "label=queunir.slice", "--format", "{{.Names}}").sort();
}

/** Names of the slices' networks. */
export function networkNames(): string[] {
  return docker("network", "ls", "--filter", "label=queunir.slice", "--format", "{{.Name}}").sort();
}

/** Ends everything in a container at once. */
export function killContainer(name: string): void {
  docker("container", "kill", "--signal", "KILL", name);
}

/**
 * Kills the engine and starts it again as it was, as often as it takes, like the system's own supervisor; what it does
 * with the containers is its own affair.
 */
export async function killEngine(): Promise<void> {
  const [pid, command] = engine();
  kill(pid);
  await until("the engine's end", async () => (running(pid) ? undefined : true));
  // Its words go to a file: a pipe that nobody reads while we wait for it would hold it up.
  const log = join(mkdtempSync(join(tmpdir(), "qn-engine-")), "log");
  let child: ChildProcess | undefined;
  await until("the engine", async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      const words = openSync(log, "a");
      // It outlives the test as the first one would have; it ends with the namespaces that it lives in.
      child = spawn(command[0] as string, command.slice(1), { detached: true, stdio: ["ignore", words, words] });
      child.unref();
      closeSync(words);
    }
    return docker("version", "--format", "{{.Server.Version}}")[0];
  }).catch((error: unknown) => {
    throw new Error(`${error}\n${readFileSync(log, "utf8").slice(-5000)}`);
  });
  rmSync(dirname(log), { recursive: true });
}

function engine(): [number, string[]] {
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const command = commandOf(Number(name));
    if (/(^|\/)dockerd$/.test(command[0] ?? "") && command.includes(`--host=${process.env.DOCKER_HOST}`))
      return [Number(name), command];
  }
  throw new Error("the engine does not run");
}

/** The command line of a process; empty if it is gone or a zombie. */
export function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
  } catch {
    return [];
  }
}

function running(pid: number): boolean {
  return commandOf(pid).length > 0;
}
