// The machine's clock is set an hour forward and two back, by libfaketime: nobody is signed out, nothing is sent twice or
// stuck, slices are looked at and started again, and the order of messages stays.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { Account, until } from "../account.ts";
import { expectNewest, openApp } from "../browser.ts";
import { FakeTime } from "../faketime.ts";
import { Follower } from "../follower.ts";
import { kill, Service } from "../service.ts";
import { test } from "../test.ts";
import { QUICK_SENDING, Traffic } from "../traffic.ts";

const HOUR = 3_600;

test.skip(process.env.QN_RUNTIME === "docker", "a container's clock is the host's");

test("everything survives a clock that is set", async ({ browser }) => {
  test.skip(FakeTime.missing !== "", FakeTime.missing);
  const time = new FakeTime();
  const service = await Service.create({
    scenario: "test",
    speed: 20,
    settings: QUICK_SENDING,
    environment: time.environment,
  });
  try {
    time.wrapSlices(service.state);
    const account = await Account.register(service);
    await account.link("background");
    const page = await openApp(browser, account);
    const ready = page.getByRole("button", { name: "Connection: READY" });
    await expect(ready).toBeVisible();
    const follower = new Follower(account);
    const traffic = await Traffic.start(service, account);
    const more = async (what: string) => {
      const [written, arrived] = [traffic.written.length, (await traffic.arrived()).length];
      await until(`traffic ${what}`, async () =>
        traffic.written.length > written + 5 && (await traffic.arrived()).length > arrived + 2 ? true : undefined,
      );
    };
    await more("before");
    const slice = () => service.processesMatching(/slice --spec/);
    const before = slice();

    for (const [offset, name] of [
      [HOUR, "an hour forward"],
      [-HOUR, "two hours back"],
    ] as const) {
      time.set(offset);
      await more(name);
      expect(slice(), `the slice, ${name}`).toEqual(before);
      expect((await account.call("GET", "/auth/me")).status, `the session, ${name}`).toBe(200);
    }
    // Sending rests for nobody, and a slice that dies now is started at once, not in an hour.
    for (const pid of slice()) kill(pid);
    await until("another slice", async () => (slice().some((pid) => !before.includes(pid)) ? true : undefined), 30);
    await more("after the restart");
    time.set(0);
    await more("with the right time");

    // The processes did live in another time.
    for (const log of ["logs/orchestrator.log", "slices/1/slice.log.1"]) {
      const told = readFileSync(join(service.state, log), "utf8");
      const steps = [...told.matchAll(/"the machine's clock was set","seconds":(-?\d+)/g)].map((one) => Number(one[1]));
      for (const step of [HOUR, -2 * HOUR]) {
        expect(
          steps.some((one) => Math.abs(one - step) < 5),
          `${step} s in ${log}, which tells of ${steps}`,
        ).toBe(true);
      }
    }

    await traffic.end();
    await traffic.settled();
    await until("every message announced", async () =>
      traffic.written.every((text) => follower.texts.includes(text)) ? true : undefined,
    );
    await follower.end();
    expect(follower.fault).toBe("");
    expect(follower.resets).toBe(0);
    await expect(ready).toBeVisible();
    await expectNewest(page, service);
    // Signing in is still possible: what was counted in the future locks nobody out.
    await openApp(browser, account);
  } finally {
    await service.remove();
    time.remove();
  }
});
