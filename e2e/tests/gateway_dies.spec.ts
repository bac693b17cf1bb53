// The gateway is killed: event streams and the browser's page resume where they were, without a reload.
import { expect } from "@playwright/test";
import { until } from "../account.ts";
import { expectNewest, openApp } from "../browser.ts";
import { Follower } from "../follower.ts";
import { kill } from "../service.ts";
import { test } from "../test.ts";
import { linked, rounds, Traffic } from "../traffic.ts";

test("clients outlive the gateway", async ({ browser }) => {
  test.setTimeout(120_000 + rounds(3) * 30_000);
  const { service, account } = await linked();
  try {
    const page = await openApp(browser, account);
    await expect(page.getByRole("button", { name: "Connection: READY" })).toBeVisible();
    await page.evaluate(() => {
      (globalThis as { sameDocument?: boolean }).sameDocument = true;
    });
    const follower = new Follower(account);
    const traffic = await Traffic.start(service, account);
    const gateway = () => service.processesMatching(/queunir .*gateway/);
    for (let round = 0; round < rounds(3); round++) {
      const [connects, count] = [follower.connects, traffic.written.length];
      await until("traffic", async () => (traffic.written.length > count + 3 ? true : undefined));
      const old = gateway();
      expect(old).toHaveLength(1);
      for (const pid of old) kill(pid);
      await until("a resumed stream", async () => (follower.connects > connects ? true : undefined), 30);
    }
    await traffic.end();
    await traffic.settled();
    await until("every message announced", async () =>
      traffic.written.every((text) => follower.texts.includes(text)) ? true : undefined,
    );
    await follower.end();
    expect(follower.fault).toBe("");
    expect(follower.resets).toBe(0);

    await expectNewest(page, service);
    await expect(page.getByRole("button", { name: "Connection: READY" })).toBeVisible();
    expect(await page.evaluate(() => (globalThis as { sameDocument?: boolean }).sameDocument)).toBe(true);
  } finally {
    await service.remove();
  }
});
