// The disk of the state directory fills up to the last byte: everybody is told, nothing wrong is stored, all recovers.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { Account, until } from "../account.ts";
import { openApp } from "../browser.ts";
import { Disk } from "../disk.ts";
import { Probe } from "../probe.ts";
import { Service } from "../service.ts";
import { shoot } from "../shots.ts";
import { test } from "../test.ts";
import { QUICK_SENDING, Traffic } from "../traffic.ts";

test("a full disk stops writing with a clear message and nothing else", async ({ browser }) => {
  const disk = Disk.mount(mkdtempSync(join(tmpdir(), "qn-disk-")), 2_048);
  test.skip(typeof disk === "string", String(disk));
  if (typeof disk === "string") return;
  const service = await Service.create({ scenario: "test", speed: 20, settings: QUICK_SENDING, folder: disk.folder });
  // WhatsApp's own memory is not on this disk in life, so it is not here.
  await service.stop();
  const elsewhere = Disk.mount(join(service.state, "simulator"), 64);
  if (typeof elsewhere === "string") throw new Error(elsewhere);
  await service.start();
  try {
    const account = await Account.register(service);
    await account.link("background");
    const page = await openApp(browser, account);
    const ready = page.getByRole("button", { name: "Connection: READY" });
    await expect(ready).toBeVisible();
    const traffic = await Traffic.start(service, account);
    await until("traffic", async () => (traffic.accepted.length > 1 ? true : undefined));
    const probe = new Probe(account);

    disk.fill(40);
    const [chat] = await account.chats();
    const refused = await until("a refused message", async () => {
      const answer = await account.call(
        "POST",
        `/api/chats/${chat?.id}/messages`,
        { text: "no room" },
        { "idempotency-key": crypto.randomUUID() },
      );
      return answer.status === 507 ? ((await answer.json()) as { code: string; title: string }) : undefined;
    });
    expect(refused).toMatchObject({ code: "storage_full", title: "the server's disk is full" });
    await expect(page.getByRole("status").getByText("The server's disk is full")).toBeVisible();
    await until("no browser that could write", async () =>
      service.processesMatching(/chromium.*--user-data-dir/).length === 0 ? true : undefined,
    );
    await until("a word to the operator", async () => (service.output.includes("the disk is full") ? true : undefined));
    await shoot(page, "disk-full");

    disk.fill(0);
    expect(disk.left()).toBe(0);
    const written = traffic.written.length;
    await until("customers who go on writing", async () => (traffic.written.length > written + 20 ? true : undefined));

    disk.free();
    await expect(ready).toBeVisible({ timeout: 60_000 });
    await traffic.end();
    await traffic.settled();
    await probe.end();
    for (const refusal of probe.refusals.values())
      expect(["busy", "slice_unavailable", "storage_full"]).toContain(refusal.code);
    expect(service.output).toContain("the disk has room again");
  } finally {
    disk.free();
    await service.stop();
    elsewhere.unmount();
    await service.remove();
    disk.unmount();
  }
});
