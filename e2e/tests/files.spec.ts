// Files from the app to the customer: chosen, looked at, sent once each, in order, byte for byte, even if the agent dies
// with one in its hands.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { Account } from "../account.ts";
import { linkByHand } from "../browser.ts";
import { killSlice } from "../faults.ts";
import { Holds } from "../holds.ts";
import { type Ledger, ledger } from "../ledger.ts";
import { Service } from "../service.ts";
import { test } from "../test.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const PICTURE = readFileSync(`${ROOT}crates/queunir-sim/scenarios/media/receipt.jpg`);
const BILL = Buffer.from("%PDF-1.4 the bill of November");
const LETTER = Buffer.from("%PDF-1.4 a letter that is on its way when the agent dies");
const SETTINGS = "[pacing]\nmin_gap_ms = 0\nper_minute = 1000\n[outbox]\nrecovery_wait_ms = 1000\n";

type Sent = Ledger["chats"][number]["messages"][number];

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

test("a picture and documents go out once each, in order and byte for byte, over a death of the agent", async ({
  browser,
}) => {
  const service = await Service.create({ speed: 8, settings: SETTINGS });
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await linkByHand(app, await (await browser.newContext({ locale: "en-US" })).newPage(), service);
    await app.getByRole("navigation", { name: "Chats" }).getByText("Marcos").first().click();
    const log = app.getByRole("log");
    const dialog = app.getByRole("dialog");
    const send = dialog.getByRole("button", { name: /^Send/ });

    // What stands in the field is not sent along.
    await app.getByLabel("Write a message").fill("half a thought");
    await app.locator("input[type=file]").setInputFiles([
      { name: "receipt.jpg", mimeType: "image/jpeg", buffer: PICTURE },
      { name: "Conta nº 7.pdf", mimeType: "application/pdf", buffer: BILL },
      { name: "not this one.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 no") },
    ]);
    await expect(dialog.getByRole("img", { name: "receipt.jpg" })).toBeVisible();
    await dialog.getByLabel("Caption").fill("paid 😀");
    await dialog.getByRole("button", { name: "not this one.pdf" }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Conta nº 7.pdf" }).click();
    await dialog.getByLabel("Caption").fill("see page 2");
    await send.click();
    await expect(dialog).toBeHidden();
    await expect.poll(async () => (await truth(service)).length, { timeout: 60_000 }).toBe(2);

    // It is with the server, and on WhatsApp's screen; then the agent dies.
    const holds = new Holds(service);
    holds.put("composed");
    await app
      .locator("input[type=file]")
      .setInputFiles([{ name: "letter.pdf", mimeType: "application/pdf", buffer: LETTER }]);
    await send.click();
    await holds.reached("composed");
    await killSlice(service);
    holds.clear();
    await expect.poll(async () => (await truth(service)).length, { timeout: 60_000 }).toBe(3);

    // The bubbles are here with their files, nothing waits any more, and what is stored is what was sent.
    await expect(log.locator("[data-stage]")).toHaveCount(0, { timeout: 60_000 });
    const sent = await truth(service);
    const wanted = [
      ["image", "paid 😀", hash(PICTURE)],
      ["document", "see page 2", hash(BILL)],
      ["document", "", hash(LETTER)],
    ];
    expect(sent.map((one) => [one.kind, one.text, one.media?.[0]?.hash])).toEqual(wanted);
    expect(sent.slice(1).map((one) => one.media?.[0]?.name)).toEqual(["Conta nº 7.pdf", "letter.pdf"]);
    const account = await Account.of(service, await app.context().cookies());
    for (const [index, one] of (await filesOf(account, sent)).entries()) {
      expect(one.state).toBe("stored");
      const answer = await account.call("GET", `/api/media/${one.id}`);
      expect(hash(Buffer.from(await answer.arrayBuffer()))).toBe(wanted[index]?.[2]);
    }
    await expect(app.getByLabel("Write a message")).toHaveValue("half a thought");
  } finally {
    await service.remove();
  }
});

/** What WhatsApp has of us since the start, oldest first. */
async function truth(service: Service): Promise<Sent[]> {
  const chat = (await ledger(service)).chats.find((one) => one.title.startsWith("Marcos"));
  return chat?.messages.filter((one) => one.live && one.direction === "out") ?? [];
}

interface StoredFile {
  id: string;
  state: string;
}

/** The stored files of these messages, each of which has one. */
async function filesOf(account: Account, sent: Sent[]): Promise<StoredFile[]> {
  const chat = (await account.chats()).find((one) => one.title.startsWith("Marcos"));
  const path = `/api/chats/${chat?.id}/messages`;
  const { messages } = await account.get<{ messages: { key: string; media?: StoredFile[] }[] }>(path);
  return sent.map((one) => {
    const files = messages.filter((message) => message.key === one.key).flatMap((message) => message.media ?? []);
    expect(files).toHaveLength(1);
    return files[0] as StoredFile;
  });
}
