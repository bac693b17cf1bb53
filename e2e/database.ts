// The private PostgreSQL of a service under test, as its superuser: to stop the clock of one step, never to look.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./account.ts";
import type { Service } from "./service.ts";

/** The database of the first slice. */
const SLICE = "wa_slice_1";
/** The database of accounts and wanted slices. */
const CONTROL = "wank_saas";
const LOCK = 4711;

/** Rows of a query, one line each. */
export function query(service: Service, sql: string, database = SLICE): string[] {
  const [command, args, env] = psql(service, database);
  const out = execFileSync(command, [...args, "-c", sql], { encoding: "utf8", env, stdio: "pipe" });
  return out.split("\n").filter(Boolean);
}

/** Rows of a query of accounts and wanted slices. */
export const control = (service: Service, sql: string): string[] => query(service, sql, CONTROL);

/**
 * Lets the slice come with the message of `send`, or one before it, to the point where it would be bound to its bubble,
 * and no further: the key is pressed, the outcome is not stored. Runs `act` there, then lets everything go on.
 */
export async function beforeBinding(service: Service, send: () => Promise<void>, act: () => Promise<void>) {
  query(
    service,
    `create or replace function hold() returns trigger language plpgsql security definer as
       $$ begin perform pg_advisory_xact_lock(${LOCK}); return new; end $$;
     create or replace trigger hold before update on outgoing
       for each row when (new.state = 'sent') execute function hold()`,
  );
  const [command, args, env] = psql(service, SLICE);
  const holder = spawn(command, args, { env, stdio: ["pipe", "ignore", "inherit"] });
  let sending: Promise<void> | undefined;
  try {
    holder.stdin?.write(`select pg_advisory_lock(${LOCK});\n`);
    await until("the lock", async () => locks(service, "granted") || undefined);
    sending = send();
    await until("a message whose outcome is not stored", async () => locks(service, "not granted") || undefined, 120);
    await act();
  } finally {
    await ended(holder);
    query(service, "drop trigger hold on outgoing");
  }
  await sending;
}

/** Ends every connection of the slice; what it had not committed is undone, and it cannot tell. */
export function killBackends(service: Service): void {
  query(
    service,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${SLICE}' and pid <> pg_backend_pid()`,
  );
}

/** Forgets the crashes that were caused on purpose, so that the orchestrator does not give the slice up for them. */
export function forgive(service: Service): void {
  control(service, "update gateway.slices set failures = 0, next_attempt_at = null");
}

/** Lets an hour pass since everybody signed in. */
export function ageSessions(service: Service): void {
  control(service, "update gateway.sessions set created_at = created_at - interval '1 hour'");
}

function locks(service: Service, state: "granted" | "not granted"): number {
  return Number(query(service, `select count(*) from pg_locks where locktype = 'advisory' and ${state}`)[0]);
}

function ended(holder: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    holder.once("exit", () => resolve());
    holder.stdin?.end();
  });
}

function psql(service: Service, database: string): [string, string[], NodeJS.ProcessEnv] {
  const password = readFileSync(join(service.state, "secrets/superuser.password"), "utf8");
  const socket = join(service.state, "postgres/run");
  const args = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "postgres", "-d", database];
  return ["psql", args, { ...process.env, PGPASSWORD: password }];
}
