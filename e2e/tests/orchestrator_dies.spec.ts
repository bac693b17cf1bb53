// The orchestrator is killed or ended: slices go on without it, and the next one adopts them as they are.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { type Account, until } from "../account.ts";
import { binary, kill, type Service } from "../service.ts";
import { test } from "../test.ts";
import { linked, rounds, Traffic } from "../traffic.ts";

test("slices outlive the orchestrator and are adopted", async () => {
  test.setTimeout(120_000 + rounds(3) * 30_000);
  const { service, account } = await linked();
  const [supervisor] = service.processesMatching(/queunir --settings .* up/);
  try {
    const slice = () => service.processesMatching(/slice --spec/);
    const browser = () => service.processesMatching(/^(?!.*--type=).*chromium.*--user-data-dir/);
    const orchestrator = () => service.processesMatching(/queunir .*orchestrator/);
    const before = { slice: slice(), browser: browser(), generation: await generation(account) };
    expect(before.slice).toHaveLength(1);
    expect(before.browser).toHaveLength(1);
    const traffic = await Traffic.start(service, account);
    for (let round = 0; round < rounds(2); round++) {
      const old = orchestrator();
      for (const pid of old) kill(pid);
      const count = traffic.accepted.length;
      await until("a new orchestrator", async () =>
        orchestrator().some((pid) => !old.includes(pid)) ? true : undefined,
      );
      await until("traffic meanwhile", async () => (traffic.accepted.length > count ? true : undefined));
      await until("a new leader", async () => (leaders(service) === round + 2 ? true : undefined));
    }
    // One that runs as a service of its own, while the supervisor looks away, and ends as services end.
    process.kill(supervisor as number, "SIGSTOP");
    for (const pid of orchestrator()) kill(pid);
    const own = asService(service);
    await until("the service leads", async () => (own.said().includes('"message":"leading"') ? true : undefined));
    const ended = new Promise<number | null>((resolve) => own.process.once("exit", resolve));
    own.process.kill("SIGTERM");
    expect(await ended).toBe(0);
    process.kill(supervisor as number, "SIGCONT");
    await until("the supervisor's own again", async () => (leaders(service) === rounds(2) + 2 ? true : undefined));

    // The new leader acts: a slice that dies now is started again, as the next generation.
    expect({ slice: slice(), browser: browser(), generation: await generation(account) }).toEqual(before);
    for (const pid of before.slice) kill(pid);
    await until("the next generation", async () =>
      (await generation(account)) === before.generation + 1 ? true : undefined,
    );
    await traffic.end();
    await traffic.settled();
  } finally {
    if (supervisor) process.kill(supervisor, "SIGCONT");
    await service.remove();
  }
});

/** `queunir orchestrator` as systemd would run it. */
function asService(service: Service): { process: ChildProcess; said(): string } {
  const settings = join(service.state, "settings.toml");
  const child = spawn(binary("queunir"), ["--state", service.state, "--settings", settings, "orchestrator"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (chunk) => (said += chunk));
  return { process: child, said: () => said };
}

async function generation(account: Account): Promise<number> {
  return (await account.get<{ generation: number }>("/api/health")).generation;
}

/** How many terms the supervisor's orchestrators have led. */
function leaders(service: Service): number {
  const log = readFileSync(join(service.state, "logs/orchestrator.log"), "utf8");
  return log.match(/"message":"leading"/g)?.length ?? 0;
}
