// Collecting the past: while nobody works in the app every conversation is read back to its start, and somebody who
// works is not in its way.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import { Account } from "../account.ts";
import { openApp } from "../browser.ts";
import { compare, ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { shootBoth } from "../shots.ts";
import { test } from "../test.ts";

/** More than the page has of each when it is opened. */
const CHATS = { "Ana Alves": 120, "Bruno Braga": 150, "Carla Couto": 90, "Davi Duarte": 180, "Eva Esteves": 140 };

interface Collection {
  state: string;
  chats: number;
  collected: number;
  messages: number;
  /** The conversation that is being collected. */
  chat_id?: string;
}

test("the past is collected while the app is closed, and rests when somebody comes back", async ({ browser }) => {
  const dir = mkdtempSync(join(tmpdir(), "qn-collection-"));
  // Shorter than with WhatsApp itself, where it may not be.
  const settings = "[collection]\npause_ms = 1000\nidle_ms = 8000\n";
  const service = await Service.create({ scenario: story(dir), settings });
  try {
    const account = await Account.register(service);
    let app = await openApp(browser, account);
    const hand = work(app);
    await account.link("background");
    const now = () => account.get<Collection>("/api/settings/collection");
    const titles = Object.keys(CHATS);

    // Somebody works: the newest messages of each conversation are read, its past is not.
    await expect.poll(async () => (await now()).state, { timeout: 60_000 }).toBe("working");
    const shallow = (await now()).messages;
    expect(shallow).toBeLessThan((await truth(service)).messages);
    expect((await now()).collected).toBe(0);

    await hand.stop();
    await app.close();
    await expect.poll(async () => (await now()).collected, { timeout: 60_000 }).toBeGreaterThan(0);

    // Back again, in the middle.
    app = await openApp(browser, account);
    const back = work(app);
    await expect.poll(now).toMatchObject({ state: "working" });
    await expect.poll(async () => (await now()).chat_id).toBeUndefined();
    const rested = await now();
    expect(rested.collected).toBeLessThan(titles.length);
    const card = await openCard(app);
    await expect(card.getByText(`${rested.collected} of ${titles.length} conversations`)).toBeVisible();
    await expect(card.getByText("Pauses while you work")).toBeVisible();
    await shootBoth(app, "collection-working", () => card.scrollIntoViewIfNeeded());
    expect(await now()).toEqual(rested);

    // By keyboard: paused by hand it rests, whether anybody works or not.
    await card.getByRole("button", { name: "Pause" }).press("Enter");
    await expect(card.getByRole("button", { name: "Go on" })).toBeVisible();
    await shootBoth(app, "collection-paused", () => card.scrollIntoViewIfNeeded());
    await back.stop();
    await expect(card.getByRole("status")).toContainText("Paused");
    await card.getByRole("button", { name: "Go on" }).press("Enter");

    // Somebody has the app open and does nothing: it goes on under their eyes.
    await expect(card.getByText("Reading now")).toBeVisible({ timeout: 30_000 });
    await shootBoth(app, "collection-running", () => card.scrollIntoViewIfNeeded());
    await app.close();
    await expect.poll(async () => (await now()).state, { timeout: 120_000 }).toBe("done");

    const all = await truth(service);
    expect(await now()).toMatchObject({ chats: titles.length, collected: titles.length, messages: all.messages });
    expect(compare(service, await account.stored(), [])).toBe("");
    for (const chat of await account.chats()) {
      const { collected } = await account.get<{ collected: { boundary: string; messages: number } }>(
        `/api/chats/${chat.id}/history`,
      );
      expect(collected).toMatchObject({ boundary: "start", messages: all.chats.get(chat.title) });
    }
    app = await openApp(browser, account);
    const over = await openCard(app);
    await shootBoth(app, "collection-done", () => over.scrollIntoViewIfNeeded());
    await app.goto(`${service.app}/chats`);
    await app.getByRole("navigation", { name: "Chats" }).getByText("Ana Alves").first().click();
    await expect(app.getByText(`Read back to its start on`)).toBeVisible();
    await app.close();
  } finally {
    await service.remove();
    rmSync(dir, { recursive: true });
  }
});

/** Moves a hand over the app, as somebody who works does, until it is stopped. */
function work(app: Page): { stop(): Promise<void> } {
  let going = true;
  const moving = (async () => {
    for (let n = 0; going; n++) {
      await app.mouse.move(100 + (n % 50), 200).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  return {
    stop: async () => {
      going = false;
      await moving;
    },
  };
}

/** What the simulator holds: in all, and by title. */
async function truth(service: Service): Promise<{ messages: number; chats: Map<string, number> }> {
  const chats = new Map<string, number>();
  for (const chat of (await ledger(service)).chats)
    chats.set(chat.title, chat.messages.filter((message) => message.kind !== "system").length);
  return { chats, messages: [...chats.values()].reduce((sum, one) => sum + one, 0) };
}

async function openCard(app: Page): Promise<Locator> {
  await app.getByRole("button", { name: "Account menu" }).click();
  await app.getByRole("menuitem", { name: "Connection…" }).click();
  return app.getByRole("region", { name: "Past conversations" });
}

function story(dir: string): string {
  const chats = Object.entries(CHATS).map(([name, messages], place) => {
    const script = [`@ -${place + 2}d 08:00`];
    for (let n = 1; n <= messages; n++) script.push(`${n % 3 === 0 ? ">" : "<"} ${name} ${n}`, "+ 3");
    return `[[chats]]\nname = "${name}"\nphone = "+55 11 93000-000${place}"\nscript = '''\n${script.join("\n")}\n'''\n`;
  });
  const path = join(dir, "collection.toml");
  // The simulator is somebody else on this machine.
  chmodSync(dir, 0o755);
  writeFileSync(
    path,
    `seed = 1\n[account]\nid = "test"\nname = "Loja"\nphone = "+55 11 90000-0001"\nlocale = "en"\n` +
      `time_zone = "America/Sao_Paulo"\n${chats.join("")}`,
  );
  return path;
}
