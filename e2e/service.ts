// A whole Queunir with its simulator, started as the README says, with its own state directory and ports.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearEngine, containers, Simulator } from "./simulator.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const BIN = process.env.QN_TEST_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug");

export interface Options {
  /** Clock factor of the simulator. */
  speed?: number;
  scenario?: string;
  /** Folder of the state directory; the machine's own for temporary things otherwise. */
  folder?: string;
  /** Further environment of `queunir up`. */
  environment?: Record<string, string>;
  /** Browser of the slices; if absent what QN_ENGINE says, or Chromium. */
  engine?: "chromium" | "headless_shell";
  /** Further settings as `section.key = value` lines of TOML, one section each. */
  settings?: string;
  /** Further lines of the section `slices`. */
  slices?: string;
  /** Whether slices are containers; if absent what QN_RUNTIME says, or processes. */
  runtime?: "process" | "docker";
}

export class Service {
  #process: ChildProcess | undefined;
  #output = "";

  readonly state: string;
  readonly port: number;
  readonly simPort: number;
  readonly slicePort: number;
  readonly options: Options;
  /** The simulator of slices in containers; that of others is the service's own. */
  #outside: Simulator | undefined;

  private constructor(state: string, ports: [number, number, number], options: Options) {
    this.state = state;
    [this.port, this.simPort, this.slicePort] = ports;
    this.options = options;
  }

  get app(): string {
    return `http://localhost:${this.port}`;
  }
  get phone(): string {
    return `${this.#outside?.address ?? `http://localhost:${this.simPort}`}/phone`;
  }
  get simulator(): string {
    return this.#outside?.address ?? `http://127.0.0.1:${this.simPort}`;
  }
  /** The CA that vouches for the simulator, if it speaks HTTPS. */
  get simulatorCa(): string | undefined {
    return this.#outside?.ca;
  }
  get output(): string {
    return this.#output;
  }

  static async create(options: Options = {}): Promise<Service> {
    const ports: [number, number, number] = [await freePort(), await freePort(), slicePorts()];
    const service = new Service(mkdtempSync(join(options.folder ?? tmpdir(), "qn-e2e-")), ports, options);
    rmSync(service.state, { recursive: true });
    if ((options.runtime ?? process.env.QN_RUNTIME) === "docker")
      service.#outside = await Simulator.start(options.scenario ?? "demo", options.speed ?? 1);
    try {
      await service.start();
    } catch (error) {
      await service.#outside?.end();
      throw error;
    }
    return service;
  }

  async start(): Promise<void> {
    const settings = `${this.state}.toml`;
    writeFileSync(
      settings,
      `[server]\nlisten = "127.0.0.1:${this.port}"\n` +
        (this.#outside?.settings() ??
          `[demo]\nlisten = "127.0.0.1:${this.simPort}"\n` +
            `speed = ${(this.options.speed ?? 1).toFixed(1)}\nscenario = "${this.options.scenario ?? "demo"}"\n`) +
        `[slices]\nbase_port = ${this.slicePort}\nengine = "${this.options.engine ?? process.env.QN_ENGINE ?? "chromium"}"\n` +
        `${this.options.slices ?? ""}\n[limits]\nsign_ups_per_hour = 1000\nsign_in_burst = 1000\n` +
        (this.options.settings ?? ""),
    );
    this.#output = "";
    const up = this.#outside ? ["up"] : ["up", "--demo"];
    const child = spawn(binary("queunir"), ["--settings", settings, "--state", this.state, ...up], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.options.environment },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (this.#output += chunk));
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (this.#output.includes("Ctrl-C stops everything")) resolve();
      };
      child.stdout?.on("data", look);
      child.on("exit", (code) => reject(new Error(`queunir ended with ${code}: ${this.#output}${this.logs()}`)));
    });
    child.removeAllListeners("exit");
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    const gone = this.#gone();
    this.#process?.kill("SIGINT");
    await gone;
  }

  /** `kill -9` of the whole tree at once: up, PostgreSQL, roles, simulator, slices, Chromium. */
  async killTree(): Promise<void> {
    const gone = this.#gone();
    for (let round = 0; round < 5; round++) {
      const pids = this.processes();
      if (pids.length === 0) break;
      for (const pid of pids) kill(pid);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await gone;
  }

  /** Resolves when the started process has ended; at once if it has already. */
  async #gone(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => child.once("exit", resolve));
  }

  /** Every process of this tree: descendants, what names the state directory or runs from it, and slices' containers. */
  processes(): number[] {
    const found = new Set<number>(this.#outside ? containers() : []);
    const parents = new Map<number, number>();
    for (const name of readdirSync("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === process.pid) continue;
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] === "Z") continue;
        parents.set(pid, Number(fields[1]));
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (pid === this.#process?.pid || command.includes(this.state)) found.add(pid);
        else if (readlinkSync(`/proc/${pid}/cwd`).startsWith(this.state)) found.add(pid);
      } catch {
        // It ended while we looked.
      }
    }
    for (let grown = true; grown; ) {
      grown = false;
      for (const [pid, parent] of parents) {
        if (!found.has(pid) && found.has(parent)) grown = Boolean(found.add(pid));
      }
    }
    return [...found];
  }

  /** Pids of this tree whose command line matches. */
  processesMatching(pattern: RegExp): number[] {
    return this.processes().filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        // The init of a container says again what it runs.
        return !command.includes("docker-init ") && pattern.test(command);
      } catch {
        return false;
      }
    });
  }

  /** Local addresses on which a process of this tree listens. */
  listeners(): string[] {
    const pids = new Set(this.processes().map(String));
    const lines = execFileSync("ss", ["-ltnpH"], { encoding: "utf8" }).split("\n");
    return lines
      .filter((line) => [...line.matchAll(/pid=(\d+)/g)].some((match) => pids.has(match[1] ?? "")))
      .map((line) => line.trim().split(/\s+/)[3] ?? "");
  }

  /** Ends of all logs, for a failed start. */
  logs(): string {
    try {
      return readdirSync(join(this.state, "logs"))
        .map((name) => `\n--- ${name}\n${readFileSync(join(this.state, "logs", name), "utf8").slice(-3000)}`)
        .join("");
    } catch {
      return "";
    }
  }

  /** Ends it and leaves nothing behind; QN_KEEP=DIR keeps a copy of its state there, to look into. */
  async remove(): Promise<void> {
    await this.stop();
    await this.killTree();
    if (this.#outside) clearEngine();
    await this.#outside?.end();
    if (process.env.QN_KEEP) execFileSync("cp", ["-r", this.state, `${process.env.QN_KEEP}/${Date.now()}`]);
    rmSync(this.state, { recursive: true, force: true });
    rmSync(`${this.state}.toml`, { force: true });
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}

/** A port that was free just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Path of one of our executables. */
export function binary(name: string): string {
  return join(BIN, name);
}

/** A base below the range that outgoing connections use; the orchestrator skips what is taken. */
function slicePorts(): number {
  return 20_001 + 2 * Math.floor(Math.random() * 5_000);
}
