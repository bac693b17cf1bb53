// The Docker engine of `scripts/with-docker.sh`, as something that can die, and what slices have on it.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { until } from "./account.ts";
import { kill } from "./service.ts";

const docker = (...words: string[]): string[] =>
  execFileSync("docker", words, { encoding: "utf8", stdio: "pipe" }).split("\n").filter(Boolean);

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

/** Kills the engine and starts it again as it was; what it does with the containers is its own affair. */
export async function killEngine(): Promise<void> {
  const [pid, command] = engine();
  kill(pid);
  await until("the engine's end", async () => (running(pid) ? undefined : true));
  // It outlives the test as the first one would have; it ends with the namespaces that it lives in.
  spawn(command[0] as string, command.slice(1), { detached: true, stdio: "ignore" }).unref();
  await until("the engine", async () => docker("version", "--format", "{{.Server.Version}}")[0]);
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
