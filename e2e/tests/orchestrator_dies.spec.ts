// The orchestrator is killed or ended, or away for long: slices and gateway go on without it, and the next one adopts
// the slices as they are.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { Account, until } from "../account.ts";
import { Follower } from "../follower.ts";
import { binary, kill, type Service } from "../service.ts";
import { test } from "../test.ts";
import { linked, rounds, Traffic } from "../traffic.ts";

/** How long nobody leads. */
const AWAY_S = Number(process.env.QN_AWAY_S ?? 20);

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
    const own = asService(service, "orchestrator");
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

test("slices and gateway serve on while there is no orchestrator, the gateway restarted meanwhile", async () => {
  test.setTimeout(300_000 + AWAY_S * 1_000);
  const { service, account } = await linked();
  const [supervisor] = service.processesMatching(/queunir --settings .* up/);
  try {
    const slice = () => service.processesMatching(/slice --spec/);
    const before = { slice: slice(), generation: await generation(account) };
    const follower = new Follower(account);
    const traffic = await Traffic.start(service, account);
    // Nobody starts anything again from here on.
    process.kill(supervisor as number, "SIGSTOP");
    for (const pid of service.processesMatching(/queunir .*orchestrator/)) kill(pid);
    const away = Date.now();
    let moved = 0;
    /** Messages go on in both directions, and a stranger can still sign up and look around. */
    const serves = async () => {
      const { accepted, written } = traffic;
      const counts = [accepted.length, written.length] as const;
      await until("messages both ways", async () =>
        accepted.length > counts[0] && written.length > counts[1] ? true : undefined,
      );
      await until("the customer's message at the seller's", async () =>
        follower.texts.includes(written[counts[1]] as string) ? true : undefined,
      );
      const stranger = await Account.register(service, `stranger${moved++}@example.com`);
      expect((await stranger.call("GET", "/auth/me")).status).toBe(200);
    };
    while (Date.now() - away < (AWAY_S * 1_000) / 2) await serves();
    for (const pid of service.processesMatching(/queunir .*gateway/)) kill(pid);
    const gateway = asService(service, "gateway");
    await until("the gateway again", async () => ((await fetch(`${service.app}/health`)).ok ? true : undefined));
    while (Date.now() - away < AWAY_S * 1_000) await serves();
    await serves();
    const ended = new Promise((resolve) => gateway.process.once("exit", resolve));
    gateway.process.kill("SIGTERM");
    await ended;
    process.kill(supervisor as number, "SIGCONT");
    await until("a new leader", async () => (leaders(service) === 2 ? true : undefined));
    await serves();
    expect({ slice: slice(), generation: await generation(account) }).toEqual(before);
    await traffic.end();
    const { uncertain } = await traffic.settled();
    expect([uncertain, follower.fault, follower.resets]).toEqual([0, "", 0]);
    await follower.end();
    console.log(`${AWAY_S} s without: ${traffic.written.length} in, ${traffic.accepted.length} out, ${moved} sign-ups`);
  } finally {
    if (supervisor) process.kill(supervisor, "SIGCONT");
    await service.remove();
  }
});

/** A role as systemd would run it. */
function asService(service: Service, role: "orchestrator" | "gateway"): { process: ChildProcess; said(): string } {
  const settings = join(service.state, "settings.toml");
  const child = spawn(binary("queunir"), ["--state", service.state, "--settings", settings, role], {
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
