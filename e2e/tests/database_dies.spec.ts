// PostgreSQL is killed under load and stays away for a while: everybody is told, and nothing is lost or doubled.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { until } from "../account.ts";
import { expectNewest, openApp } from "../browser.ts";
import { Follower } from "../follower.ts";
import { Probe } from "../probe.ts";
import { kill } from "../service.ts";
import { shoot } from "../shots.ts";
import { test } from "../test.ts";
import { linked, rounds, Traffic } from "../traffic.ts";

test("messages survive the death of the database", async ({ browser }) => {
  test.setTimeout(120_000 + rounds(3) * 30_000);
  const { service, account } = await linked();
  const [supervisor] = service.processesMatching(/queunir --settings .* up/);
  try {
    const page = await openApp(browser, account);
    const ready = page.getByRole("button", { name: "Connection: READY" });
    await expect(ready).toBeVisible();
    const follower = new Follower(account);
    const traffic = await Traffic.start(service, account);
    const postmaster = () =>
      Number(readFileSync(join(service.state, "postgres/data/postmaster.pid"), "utf8").split("\n")[0]);
    const slices = service.processesMatching(/slice --spec/);
    const probe = new Probe(account);
    await until("traffic", async () => (traffic.accepted.length > 1 ? true : undefined));

    // The supervisor looks away, so that the outage is long enough to be noticed.
    process.kill(supervisor as number, "SIGSTOP");
    const first = postmaster();
    kill(first);
    await expect(page.getByRole("button", { name: "Connection: UNSURE" })).toBeVisible();
    await expect(page.getByRole("status").getByText("Queunir's database is not answering.")).toBeVisible();
    await shoot(page, "database-away");
    await until("a refusal", async () => (probe.refusals.size > 0 ? true : undefined));
    process.kill(supervisor as number, "SIGCONT");
    await until("another postmaster", async () => (postmaster() !== first ? true : undefined));
    await expect(ready).toBeVisible();

    // And again, brought back at once.
    for (let round = 0; round < rounds(1); round++) {
      const [old, count] = [postmaster(), traffic.accepted.length];
      await until("traffic again", async () => (traffic.accepted.length > count + 1 ? true : undefined));
      kill(old);
      await until("the next postmaster", async () => (postmaster() !== old ? true : undefined));
    }
    await traffic.end();
    await traffic.settled();
    await probe.end();
    await until("every message announced", async () =>
      traffic.written.every((text) => follower.texts.includes(text)) ? true : undefined,
    );
    await follower.end();

    expect(follower.fault).toBe("");
    expect(follower.resets).toBe(0);
    expect(follower.slices.map((slice) => slice.trouble)).toContain("database_away");
    for (const refusal of probe.refusals.values()) expect(["busy", "slice_unavailable"]).toContain(refusal.code);
    expect(probe.slowestMs, "nobody waits long for the answer that there is none").toBeLessThan(10_000);
    expect(service.processesMatching(/slice --spec/), "no slice was restarted").toEqual(slices);
    expect(service.output).toContain('"child":"postgres"');
    await expectNewest(page, service);
    await expect(ready).toBeVisible();
  } finally {
    if (supervisor) process.kill(supervisor, "SIGCONT");
    await service.remove();
  }
});
