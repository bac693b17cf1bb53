// A customer who is saved under a name after they were known by their number: one conversation, and two again if a person says so.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { Account } from "../account.ts";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { SIZES, shoot } from "../shots.ts";
import { test } from "../test.ts";

/** No conversation is opened but by a person. */
const NOT_BY_ITSELF = "[collection]\nmessages_per_chat = 0\n";
const NUMBER = "+55 11 93000-0002";

test("a customer who gets a name stays one conversation, and a person can take it apart", async ({ browser }) => {
  const dir = mkdtempSync(join(tmpdir(), "qn-joins-"));
  const service = await Service.create({ scenario: shop(dir), settings: NOT_BY_ITSELF });
  try {
    await rename(service, null);
    const context = await browser.newContext({ locale: "en-US" });
    const app = await context.newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    const account = await Account.of(service, await context.cookies());
    const list = app.getByRole("navigation", { name: "Chats" });
    const log = app.getByRole("log");
    await list.getByRole("link", { name: NUMBER }).click({ timeout: 30_000 });
    await expect(log.getByText("do you deliver?", { exact: true })).toBeVisible({ timeout: 30_000 });
    const numbered = new URL(app.url()).pathname;

    // Somebody else is on the screen when they get a name: an open conversation would tell at once whose it is.
    await list.getByRole("link", { name: /Bruno/ }).click();
    await expect(log.getByText("do you open today?", { exact: true })).toBeVisible({ timeout: 30_000 });
    await rename(service, "Maria");
    await list.getByRole("link", { name: /Maria/ }).click({ timeout: 30_000 });
    await expect(log.getByText("do you deliver?", { exact: true })).toBeVisible({ timeout: 30_000 });
    const panel = app.getByRole("complementary", { name: "Contact" });
    const read = panel.getByRole("button", { name: /^Read/ });
    // Unasked it may be read already, and then the address is another.
    const joined = panel.getByRole("region", { name: "One person or two" });
    await expect(read.or(joined).first()).toBeVisible();
    if (!(await joined.isVisible())) await read.press("Enter");

    // The page shows the number under the name: what was two is one, and the app goes along.
    await expect(joined).toContainText("Joined from “Maria”", { timeout: 60_000 });
    await expect(app).toHaveURL(new RegExp(numbered));
    await expect(log.getByText("do you deliver?", { exact: true })).toHaveCount(1);
    await expect(list.getByRole("link", { name: /Maria/ })).toHaveCount(1);
    expect(await account.chats()).toHaveLength(2);
    await shots(app, numbered, "joined");

    await joined.getByRole("button", { name: "These are two people: undo" }).press("Enter");
    await expect(joined.getByRole("status")).toContainText("are two people", { timeout: 30_000 });
    expect(await account.chats()).toHaveLength(3);
    await shots(app, numbered, "apart");

    await joined.getByRole("button", { name: "Join after all" }).press("Enter");
    await expect(joined).toContainText("Somebody of your team said", { timeout: 30_000 });
    expect(await account.chats()).toHaveLength(2);
    const [truth] = (await ledger(service)).chats.filter((chat) => chat.title === "Maria");
    const stored = (await account.chats()).find((chat) => chat.title === "Maria");
    const texts = (await account.messages(stored?.id ?? "")).map((message) => message.text);
    // The notice of encryption is a message without words there.
    const spoken = (truth?.messages ?? []).filter((message) => message.text !== "");
    expect(texts).toEqual(spoken.map((message) => message.text));
  } finally {
    await service.remove();
    rmSync(dir, { recursive: true });
  }
});

function shop(dir: string): string {
  const path = join(dir, "joins.toml");
  // The simulator is somebody else on this machine.
  chmodSync(dir, 0o755);
  const chat = (name: string, phone: string, script: string) =>
    `[[chats]]\nname = "${name}"\nphone = "${phone}"\nscript = '''\n@ -1d 10:00\n${script}\n'''\n`;
  writeFileSync(
    path,
    `seed = 1\n[account]\nid = "test"\nname = "Loja"\nphone = "+55 11 90000-0001"\nlocale = "en"\n` +
      `time_zone = "America/Sao_Paulo"\n` +
      chat("Bruno", "+55 11 93000-0001", "< do you open today?") +
      chat("Maria", NUMBER, "< do you deliver?\n> we do\n< thank you"),
  );
  return path;
}

/** Saves the customer's number under a name on the phone, or takes the name away. */
async function rename(service: Service, name: string | null): Promise<void> {
  const shown = (await ledger(service)).chats.find((chat) => chat.title !== "Bruno");
  const answer = await fetch(`${service.simulator}/_sim/accounts/test/chats/${shown?.id}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: "rename", name }),
  });
  if (!answer.ok) throw new Error(`rename: ${answer.status} ${await answer.text()}`);
}

/** Looks at the panel at each size; on a phone it has an address of its own. */
async function shots(app: Page, path: string, name: string): Promise<void> {
  const region = app.getByRole("region", { name: "One person or two" });
  for (const size of [...SIZES].reverse()) {
    await app.setViewportSize(size);
    if (size.width < 500) await app.goto(`${new URL(app.url()).origin}${path}?info=true`);
    // The panel is drawn anew when the width or the address changes.
    await expect(async () => {
      await region.scrollIntoViewIfNeeded({ timeout: 2_000 });
      await expect(region).toBeInViewport({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    await shoot(app, `joins-${name}`);
  }
}
