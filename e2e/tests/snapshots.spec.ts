// A profile that is lost is put back from its encrypted snapshot: the account is linked as before, without a code, and
// nothing that was written meanwhile is missing.
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { type Account, until } from "../account.ts";
import { control } from "../database.ts";
import { ledger } from "../ledger.ts";
import { binary, type Service } from "../service.ts";
import { test } from "../test.ts";
import { linked } from "../traffic.ts";

/** A pair of keys that nothing else uses. */
const PUBLIC = "age1r4dypsw586dmh2luc655dpkvazsuvtalyzuf57qyucvqyn5hs52qd5yv5z";
const SECRET = "AGE-SECRET-KEY-17VU7U7M2WP9XVEUQHGXJJNQD8E6A08MEL7X3N8QRWDPJCRQLAPVSZDQ7JL";

test("a lost profile comes back from its snapshot, linked", async () => {
  test.setTimeout(300_000);
  const { service, account } = await linked(`[snapshots]\nrecipient = "${PUBLIC}"\n`);
  const key = `${service.state}.key`;
  writeFileSync(key, SECRET);
  const restore = (file: string) => slices(service, "restore", "1", "--snapshot", file, "--identity", key, "--yes");
  try {
    slices(service, "stop", "1");
    const first = (await shelf(service, [1]))[0] as string;
    const { bytes, entries, took_ms } = await until("the event", async () => {
      const [detail] = control(service, "select detail from gateway.events where kind = 'slice.snapshot'");
      return detail === undefined ? undefined : (JSON.parse(detail) as Record<string, number>);
    });
    console.log(`${first}: ${entries} entries, ${bytes} bytes in ${took_ms} ms`);
    rmSync(join(service.state, "slices/1/session"), { recursive: true });
    await write(service, account, "while the disk was dead");
    expect(restore(first)).toContain("Slice 1 has the profile of the snapshot");
    slices(service, "start", "1", "--linked");
    await isLinked(account);
    await until("what was written meanwhile", async () => {
      const { chats } = await account.stored();
      return chats.some((chat) => chat.messages.some(({ text }) => text === "while the disk was dead")) || undefined;
    });
    const { acts } = await ledger(service, account.phone);
    expect(acts.filter(({ act }) => act === "linked")).toHaveLength(1);

    // The login has moved on; the earlier one is put back only by somebody who says that it may be dead.
    slices(service, "stop", "1");
    const both = await shelf(service, [2, 1]);
    expect(() => restore(first)).toThrow("--login-likely-dead");
    slices(service, "start", "1", "--linked");
    await isLinked(account);
    expect(both[1]).toBe(first);

    // Its owner ends the link, and every copy of it goes.
    expect((await account.call("POST", "/api/status/disconnect")).status).toBe(202);
    await shelf(service, []);
  } finally {
    await service.remove();
    rmSync(key, { force: true });
  }
});

/** What an operator types. */
function slices(service: Service, ...words: string[]): string {
  const place = ["--settings", join(service.state, "settings.toml"), "--state", service.state];
  return execFileSync(binary("queunir"), [...place, "slices", ...words], { encoding: "utf8", stdio: "pipe" });
}

/** Waits until there are snapshots after these starts and no others; gives their names. */
async function shelf(service: Service, starts: number[]): Promise<string[]> {
  return until(`snapshots after the starts ${starts}`, async () => {
    let names: string[] = [];
    try {
      names = readdirSync(join(service.state, "snapshots/1")).filter((name) => name.startsWith("g"));
    } catch {
      // There never was one.
    }
    names.sort().reverse();
    return names.map((name) => Number(/^g(\d+)-/.exec(name)?.[1])).join() === starts.join() ? names : undefined;
  });
}

async function isLinked(account: Account): Promise<void> {
  await until("linked again", async () => {
    const answer = await account.call("GET", "/api/status/state");
    return (answer.ok && ((await answer.json()) as { state: string }).state === "linked") || undefined;
  });
}

async function write(service: Service, account: Account, text: string): Promise<void> {
  const { id, chats } = await ledger(service, account.phone);
  const chat = chats.find(({ kind }) => kind === "contact")?.id;
  const answer = await fetch(`${service.simulator}/_sim/accounts/${id}/incoming`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat, text }),
  });
  expect(answer.ok).toBe(true);
}
