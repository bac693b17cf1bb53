// Every kind of fault that a slice survives, done to a running service.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./account.ts";
import { kill, type Service } from "./service.ts";

const SLICE = /queunir\S* (.* )?slice --spec/;
const BROWSER = /^(?!.*--type=).*chromium.*--user-data-dir/;
const RENDERER = /chromium.*--type=renderer/;
/** How long a network stays away. */
const AWAY_MS = 2_000;

/** By name, what each does; resolves when it is done, not when it is survived. */
export const FAULTS = {
  browser: (service: Service) => killOne(service, BROWSER, "a browser"),
  renderer: (service: Service) => killOne(service, RENDERER, "a renderer"),
  slice: (service: Service) => killOne(service, SLICE, "a slice"),
  database: async (service: Service) => {
    const pid = await until("a database", async () => postmaster(service));
    kill(pid);
    await until("the next database", async () => (postmaster(service) !== pid ? true : undefined));
  },
  offline: async (service: Service) => {
    await disturb(service, { offline: true });
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    await post(service, "disturb", { offline: false });
  },
  generation: async (service: Service) => {
    const look = (await (await fetch(`${service.simulator}/_sim/look`)).json()) as { generation: string };
    await post(service, "look", { ...look, generation: look.generation === "g3" ? "g2" : "g3" });
    await disturb(service, { reload: true });
  },
  reload: (service: Service) => disturb(service, { reload: true }),
} satisfies Record<string, (service: Service) => Promise<void>>;

export type Fault = keyof typeof FAULTS;

/** Kills the slice's process. */
export const killSlice = FAULTS.slice;

async function killOne(service: Service, pattern: RegExp, what: string): Promise<void> {
  kill(await until(what, async () => service.processesMatching(pattern)[0]));
}

function postmaster(service: Service): number | undefined {
  try {
    return Number(readFileSync(join(service.state, "postgres/data/postmaster.pid"), "utf8").split("\n")[0]);
  } catch {
    return undefined;
  }
}

/** Disturbs the page, as soon as there is one. */
export async function disturb(service: Service, what: object): Promise<void> {
  await until("a page to disturb", async () => {
    const { pages } = (await (await post(service, "disturb", what)).json()) as { pages: number };
    return pages > 0 ? true : undefined;
  });
}

/** Sets what goes wrong in the simulator; what is left out does not. */
export async function trouble(service: Service, what: object): Promise<void> {
  await post(service, "trouble", what);
}

async function post(service: Service, path: string, body: object): Promise<Response> {
  const answer = await fetch(`${service.simulator}/_sim/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}
