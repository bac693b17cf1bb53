// The simulator's truth, and its comparison with what a slice stored.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stored, StoredChat, StoredMessage } from "./account.ts";
import { binary, type Service } from "./service.ts";

/** Differences between the ledger and `stored`; empty when they are equal as far as `args` ask. */
export function compare(service: Service, stored: unknown, args: string[]): string {
  const dir = mkdtempSync(join(tmpdir(), "qn-ledger-"));
  const file = join(dir, "stored.json");
  writeFileSync(file, JSON.stringify(stored));
  const ca = service.simulatorCa ? ["--ca", service.simulatorCa] : [];
  const run = spawnSync(
    binary("queunir-sim"),
    ["compare", "--ledger", `${service.simulator}/_sim/ledger`, ...ca, "--stored", file, ...args],
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
    messages: {
      key: string;
      direction: "in" | "out";
      kind: string;
      text: string;
      at: number;
      live: boolean;
      acks?: { ack: string }[];
      /** Key of the message it answers. */
      quotes?: string;
      /** Its files, each with its SHA-256. */
      media?: { name?: string; hash: string }[];
    }[];
  }[];
  /** What pages submitted, by the hash of its words, and how often the server took it. */
  submissions: { hash: string; accepted: number }[];
  receipts: { title: string; device?: string }[];
  /** What devices and the telephone did, in its order. */
  acts: { act: string }[];
}

/** An account's truth now; the first one's if none is named. */
export async function ledger(service: Service, id?: string): Promise<Ledger> {
  const { accounts } = (await (await fetch(`${service.simulator}/_sim/ledger`)).json()) as { accounts: Ledger[] };
  const account = accounts.find((one) => id === undefined || one.id === id);
  if (!account) throw new Error(`the simulator has no account ${id ?? ""}`);
  return account;
}

/**
 * What is wrong with the unread markers: every unread message is stored, stood for by its preview, or counted as not
 * read yet, and nothing else is stored without its row.
 */
export function unreadFaults(truth: Ledger, stored: (StoredChat & { messages: StoredMessage[] })[]): string[] {
  const faults: string[] = [];
  for (const chat of stored) {
    const real = truth.chats.find((one) => name(one.title) === chat.title);
    if (!real) {
      faults.push(`${chat.title} is invented`);
      continue;
    }
    const incoming = real.messages.filter((one) => one.direction === "in" && one.kind !== "system");
    const unread = incoming.slice(incoming.length - real.unread);
    const here = new Set(chat.messages.map((one) => one.key).filter(Boolean));
    let missing = unread.filter((one) => !here.has(one.key));
    for (const preview of chat.messages.filter((one) => !one.key)) {
      const meant = missing.find((one) => line(one.text).startsWith(line(preview.text)));
      if (!meant) faults.push(`${chat.title}: nothing unread says ${JSON.stringify(preview.text)}`);
      missing = missing.filter((one) => one !== meant);
    }
    if (chat.unread !== real.unread) faults.push(`${chat.title}: ${chat.unread} unread, the phone has ${real.unread}`);
    if (chat.not_read_yet !== missing.length)
      faults.push(`${chat.title}: ${chat.not_read_yet} not read yet, but ${missing.length} are not stored`);
  }
  return faults;
}

const ACKS = ["pending", "sent", "delivered", "read", "played"];

/**
 * What of `stored` is not true, by a ledger that was asked for afterwards. What is not known may be left out, what is
 * not there may not be stored: no message, nobody's words as another's, no kind, time or tick that is not its own.
 */
export function wrongs(stored: Stored, truth: Ledger): string[] {
  const faults: string[] = [];
  for (const chat of stored.chats) {
    const real = truth.chats.find((one) => name(one.title) === chat.title)?.messages ?? [];
    for (const message of chat.messages) {
      const meant = real.filter((one) =>
        message.key ? one.key === message.key : line(one.text).startsWith(line(message.text)),
      );
      if (!meant.some((one) => isTrue(message, one)))
        faults.push(`${chat.title}: ${JSON.stringify(message)} is not ${JSON.stringify(meant.slice(-1))}`);
    }
  }
  return faults;
}

function isTrue(message: StoredMessage, real: Ledger["chats"][number]["messages"][number]): boolean {
  const minute = (at: number) => Math.floor(at / 60_000);
  const ack = real.acks?.at(-1)?.ack ?? "";
  return (
    [real.direction, "unknown"].includes(message.direction) &&
    (!message.key || message.text === "" || line(message.text) === line(real.text)) &&
    (!message.key || [real.kind, "unknown"].includes(message.kind)) &&
    (!message.key || !message.sent_at || minute(Date.parse(message.sent_at)) === minute(real.at)) &&
    (!message.ack || ACKS.indexOf(message.ack) <= ACKS.indexOf(ack))
  );
}

const MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** A title as it is stored: composed, without marks of direction and folds of white space (U+FEFF is none). */
function name(title: string): string {
  const words = title.replace(MARKS, "").split(/[^\S\ufeff]+/);
  return words.filter(Boolean).join(" ").normalize("NFC");
}

/** One line without marks of direction, as the list shows a text. */
function line(text: string): string {
  return text.replace(MARKS, "").replace(/\s+/g, " ").trim();
}
