// The simulator's truth, and its comparison with what a slice stored.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, type Service } from "./service.ts";

/** Differences between the ledger and `stored`; empty when they are equal as far as `args` ask. */
export function compare(service: Service, stored: unknown, args: string[]): string {
  const dir = mkdtempSync(join(tmpdir(), "qn-ledger-"));
  const file = join(dir, "stored.json");
  writeFileSync(file, JSON.stringify(stored));
  const run = spawnSync(
    binary("queunir-sim"),
    ["compare", "--ledger", `${service.simulator}/_sim/ledger`, "--stored", file, ...args],
    { encoding: "utf8" },
  );
  rmSync(dir, { recursive: true });
  return run.status === 0 ? "" : `${run.stdout}${run.stderr}` || `ended with ${run.status}`;
}

/** One account of the simulator's truth, as far as tests look into it. */
export interface Ledger {
  id: string;
  chats: {
    id: string;
    title: string;
    kind: string;
    unread: number;
    messages: { key: string; direction: "in" | "out"; text: string; at: number }[];
  }[];
  receipts: { chat: string }[];
}

/** The first account's truth now. */
export async function ledger(service: Service): Promise<Ledger> {
  const { accounts } = (await (await fetch(`${service.simulator}/_sim/ledger`)).json()) as { accounts: Ledger[] };
  const [account] = accounts;
  if (!account) throw new Error("the simulator has no account");
  return account;
}
