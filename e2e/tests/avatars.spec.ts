// The pictures of people, as WhatsApp's list shows them: in the app's list, beside the conversation, and large.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator } from "@playwright/test";
import { Account } from "../account.ts";
import { linkByHand } from "../browser.ts";
import { ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { SIZES, shoot } from "../shots.ts";
import { test } from "../test.ts";

test("a customer's picture stands in the app, opens large, and follows theirs", async ({ browser }) => {
  const dir = mkdtempSync(join(tmpdir(), "qn-avatars-"));
  const service = await Service.create({ scenario: shop(dir) });
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    const row = (name: string) =>
      app.getByRole("navigation", { name: "Chats" }).getByRole("link", { name: new RegExp(name) });
    const face = row("Bruno").locator("img");
    await expect(face).toBeVisible({ timeout: 90_000 });
    await expect.poll(() => widthOf(face)).toBe(160);
    expect(await row("Carla").locator("img").count()).toBe(0);
    expect((await ledger(service)).receipts).toEqual([]);

    const account = await Account.of(service, await app.context().cookies());
    const address = (await face.getAttribute("src")) ?? "";
    const answer = await account.call("GET", address);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"]);
    expect(answer.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await fetch(`${service.app}${address}`)).status).toBe(401);

    await row("Bruno").click();
    const panel = app.getByRole("complementary", { name: "Contact" });
    if (!(await panel.isVisible())) await app.getByRole("button", { name: "Show contact" }).click();
    const open = panel.getByRole("button", { name: "Open: Picture of Bruno" });
    await open.press("Enter");
    const large = app.getByRole("dialog").getByRole("img", { name: "Picture of Bruno" });
    await expect(large).toBeVisible();
    expect(await widthOf(large)).toBe(160);
    await shoot(app, "avatars-large");
    await app.keyboard.press("Escape");
    await expect(large).toBeHidden();
    for (const size of [...SIZES, SIZES[0]]) {
      await app.setViewportSize(size);
      await shoot(app, "avatars");
    }

    const [bruno] = (await ledger(service)).chats.filter((chat) => chat.title === "Bruno");
    const changed = await fetch(`${service.simulator}/_sim/accounts/test/chats/${bruno?.id}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ do: "picture", number: 2 }),
    });
    expect(changed.ok).toBe(true);
    await expect(face).not.toHaveAttribute("src", address, { timeout: 60_000 });
    await expect.poll(() => widthOf(face)).toBe(160);
  } finally {
    await service.remove();
    rmSync(dir, { recursive: true });
  }
});

const widthOf = (picture: Locator): Promise<number> =>
  picture.evaluate((node: HTMLImageElement) => (node.complete ? node.naturalWidth : 0));

function shop(dir: string): string {
  const path = join(dir, "avatars.toml");
  // The simulator is somebody else on this machine.
  chmodSync(dir, 0o755);
  const chat = (name: string, phone: string, more = "") =>
    `[[chats]]\nname = "${name}"\nphone = "${phone}"\n${more}script = '''\n@ -1d 10:00\n< hello from ${name}\n'''\n`;
  writeFileSync(
    path,
    `seed = 1\n[account]\nid = "test"\nname = "Loja"\nphone = "+55 11 90000-0001"\nlocale = "en"\n` +
      `time_zone = "America/Sao_Paulo"\n` +
      chat("Bruno", "+55 11 93000-0001", "picture = 1\n") +
      chat("Carla", "+55 11 93000-0002"),
  );
  return path;
}
