// The simulator as a server of its own, behind HTTPS at an address that containers reach. Only in the network of
// `scripts/with-docker.sh`, which ends with it: the address is put on its loopback interface.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { until } from "./account.ts";
import { binary, freePort } from "./service.ts";

const ADDRESS = "192.168.77.1";
const OWN_ENGINE = /^unix:\/\/(\/tmp\/queunir-engine\..*)$/;

/** The socket of the engine that `scripts/with-docker.sh` started; absent anywhere else. */
export function engineSocket(): string | undefined {
  return OWN_ENGINE.exec(process.env.DOCKER_HOST ?? "")?.[1];
}

export class Simulator {
  readonly #process: ChildProcess;
  readonly #dir: string;
  readonly port: number;

  private constructor(child: ChildProcess, dir: string, port: number) {
    this.#process = child;
    this.#dir = dir;
    this.port = port;
  }

  get address(): string {
    return `https://${ADDRESS}:${this.port}`;
  }

  /** Certificate of the CA that vouches for it. */
  get ca(): string {
    return join(this.#dir, "ca", "ca.pem");
  }

  /** Starts one; from then on this process trusts its CA. */
  static async start(scenario: string, speed: number): Promise<Simulator> {
    const socket = engineSocket();
    if (!socket) throw new Error("slices in containers are tested under scripts/with-docker.sh");
    execFileSync("ip", ["address", "replace", `${ADDRESS}/32`, "dev", "lo"]);
    const dir = mkdtempSync(join(tmpdir(), "qn-sim-"));
    const port = await freePort();
    const place = ["--listen", `${ADDRESS}:${port}`, "--tls-dir", join(dir, "ca"), "--tls-name", ADDRESS];
    const world = ["--scenario", scenario, "--speed", speed.toFixed(1), "--state", join(dir, "world.jsonl")];
    const child = spawn(binary("queunir-sim"), [...place, ...world], { stdio: ["ignore", "ignore", "pipe"] });
    const simulator = new Simulator(child, dir, port);
    let said = "";
    child.stderr?.on("data", (chunk) => (said += chunk));
    await until("the simulator", async () => {
      if (child.exitCode !== null) throw new Error(`the simulator ended with ${child.exitCode}: ${said}`);
      if (!existsSync(simulator.ca)) return undefined;
      setDefaultCACertificates([...getCACertificates("default"), readFileSync(simulator.ca, "utf8")]);
      const answer = await fetch(`${simulator.address}/_sim/health`).catch(() => undefined);
      return answer?.ok ? true : undefined;
    });
    return simulator;
  }

  /** Settings of a service whose slices are containers that open this simulator. */
  settings(): string {
    return (
      `[whatsapp]\nurl = "${this.address}/"\n[runtime]\nkind = "docker"\n[runtime.docker]\n` +
      `socket = "${engineSocket()}"\nextra_destinations = ["${ADDRESS}:${this.port}"]\nextra_ca_file = "${this.ca}"\n`
    );
  }

  async end(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGTERM");
      await gone;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

/** First processes of the containers of slices that run; none while the engine is away, which alone could tell. */
export function containers(): number[] {
  try {
    return firstProcesses();
  } catch {
    return [];
  }
}

function firstProcesses(): number[] {
  const ask = (...words: string[]) =>
    execFileSync("docker", words, { encoding: "utf8", stdio: "pipe" }).split("\n").filter(Boolean);
  const ids = ask("container", "ls", "--quiet", "--filter", "label=queunir.slice");
  // One that ended meanwhile has 0, which as a pid would be all of us.
  const pids = ids.length ? ask("container", "inspect", "--format", "{{.State.Pid}}", ...ids).map(Number) : [];
  return pids.filter((pid) => pid > 0);
}

/** Removes what slices left on the engine. */
export function clearEngine(): void {
  for (const [kind, all] of [
    ["container", ["--all"]],
    ["network", []],
  ] as const) {
    const list = execFileSync("docker", [kind, "ls", ...all, "--quiet", "--filter", "label=queunir.slice"]);
    const ids = list.toString().split("\n").filter(Boolean);
    if (ids.length) execFileSync("docker", [kind, "rm", ...(kind === "container" ? ["--force"] : []), ...ids]);
  }
}
