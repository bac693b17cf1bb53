// Archived chats in the app: behind their own filter, opened only by a person, and out again when the phone takes them out.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { SIZES, shoot } from "../shots.ts";
import { test } from "../test.ts";

test("archived chats are behind their own filter, and open like any other", async ({ browser }) => {
  const dir = mkdtempSync(join(tmpdir(), "qn-archived-"));
  const service = await Service.create({ scenario: shop(dir) });
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    const list = app.getByRole("navigation", { name: "Chats" });
    const row = (name: string) => list.getByRole("link", { name: new RegExp(name) });
    const filter = app.getByRole("button", { name: /^Archived/ });
    await expect(row("Bruno")).toBeVisible({ timeout: 30_000 });
    await expect(filter).toContainText("1", { timeout: 30_000 });
    await expect(row("Old Supplier")).toBeHidden();
    expect((await ledger(service)).receipts).toEqual([]);

    // The choice holds at every width and after a reload; a step back undoes it.
    await filter.press("Enter");
    const onlyArchived = async () => {
      await expect(row("Old Supplier")).toBeVisible();
      await expect(row("Bruno")).toBeHidden();
    };
    await onlyArchived();
    await atEachSize(app, "list", onlyArchived);
    await app.reload();
    await onlyArchived();
    await app.goBack();
    await expect(row("Bruno")).toBeVisible();
    await app.goForward();
    await onlyArchived();

    await row("Old Supplier").press("Enter");
    const log = app.getByRole("log");
    await expect(log.getByText("the last offer", { exact: true })).toBeVisible({ timeout: 30_000 });
    await atEachSize(app, "open", () => expect(log).toBeVisible());
    // On a phone the way back from the chat leads to the list that it was opened from.
    await app.setViewportSize({ width: 390, height: 844 });
    await app.getByRole("button", { name: "Back to chats" }).press("Enter");
    await onlyArchived();

    const [old] = (await ledger(service)).chats.filter((chat) => chat.title === "Old Supplier");
    await post(service, `accounts/test/chats/${old?.id}`, { do: "archive", on: false });
    await expect(filter).toBeHidden({ timeout: 30_000 });
    await expect(row("Old Supplier")).toBeVisible();
    await expect(row("Bruno")).toBeVisible();
  } finally {
    await service.remove();
    rmSync(dir, { recursive: true });
  }
});

function shop(dir: string): string {
  const path = join(dir, "archived.toml");
  // The simulator is somebody else on this machine.
  chmodSync(dir, 0o755);
  const chat = (name: string, phone: string, text: string, more = "") =>
    `[[chats]]\nname = "${name}"\nphone = "${phone}"\n${more}script = '''\n@ -1d 10:00\n< ${text}\n'''\n`;
  writeFileSync(
    path,
    `seed = 1\n[account]\nid = "test"\nname = "Loja"\nphone = "+55 11 90000-0001"\nlocale = "en"\n` +
      `time_zone = "America/Sao_Paulo"\n` +
      chat("Bruno", "+55 11 93000-0001", "do you open today?") +
      chat("Old Supplier", "+55 11 93000-0002", "the last offer", "archived = true\n"),
  );
  return path;
}

async function post(service: Service, path: string, body: object): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Looks at each size, and comes back to the first. */
async function atEachSize(app: Page, name: string, look: () => Promise<void>): Promise<void> {
  for (const size of [...SIZES, SIZES[0]]) {
    await app.setViewportSize(size);
    await look();
    await shoot(app, `archived-${name}`);
  }
}
