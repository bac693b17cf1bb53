// What watching costs: CPU of orchestrator and gateway while 50 slices at level service are at rest, and while nothing
// is wanted at all. The peer is a supervisor's published figure: JupyterHub's hub with 100 to 150 users, its low end.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../e2e/account.ts";
import { Service } from "../e2e/service.ts";
import { cpuMs, cpuSince } from "./processes.mjs";
import { report } from "./report.mjs";

const SLICES = Number(process.env.SLICES ?? 50);
const SECONDS = Number(process.env.SECONDS ?? 60);
const PEER = { peer: 4, peer_name: "JupyterHub's hub, 100 to 150 users, published low end" };

const service = await Service.create({ scenario: "test" });
try {
  const rest = await cost();
  sql(`with u as (insert into users (id, email, password_hash)
         select gen_random_uuid(), 'bench-' || n || '@example.org', '' from generate_series(1, ${SLICES}) n returning id)
       insert into slices (user_id, desired) select id, 'service' from u`);
  await until(
    `${SLICES} slices`,
    async () => (sql("select count(*) from slices where phase = 'service'") === String(SLICES) ? true : undefined),
    300,
  );
  const watching = await cost();
  const row = (name, ours, wanted) => ({
    name,
    ours,
    ...PEER,
    unit: "% of a core",
    wanted: wanted ? `under ${wanted}` : "stated",
    holds: wanted ? ours < wanted : true,
  });
  report("reconcile", [
    row("nothing wanted, orchestrator and gateway", rest.orchestrator + rest.gateway),
    row(`${SLICES} slices, orchestrator`, watching.orchestrator),
    row(`${SLICES} slices, gateway`, watching.gateway),
    row(`${SLICES} slices, orchestrator and gateway`, watching.orchestrator + watching.gateway, 3),
    row(`${SLICES} slices, their control tables`, watching.database),
  ]);
} finally {
  await service.remove();
}

/** CPU of each part in per cent of a core, after ten seconds of peace. */
async function cost() {
  const parts = {
    orchestrator: () => service.processesMatching(/ orchestrator /),
    gateway: () => service.processesMatching(/ gateway $/),
    database: () => service.processesMatching(/^postgres: queunir_(gw|orch) /),
  };
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const before = Object.entries(parts).map(([part, pids]) => [part, pids, cpuMs(pids())]);
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  return Object.fromEntries(before.map(([part, pids, used]) => [part, cpuSince(used, cpuMs(pids())) / SECONDS / 10]));
}

/** Runs a statement on the control tables as the gateway. */
function sql(statement) {
  const settings = readFileSync(join(service.state, "settings.toml"), "utf8");
  const [, host] = /^socket = "(.*)"$/m.exec(settings);
  const [, port] = /^\[database\][^[]*^port = (\d+)$/m.exec(settings);
  const password = readFileSync(join(service.state, "secrets", "gateway.password"), "utf8");
  const to = `host=${host} port=${port} user=queunir_gw dbname=wank_saas options=-csearch_path=gateway`;
  const env = { ...process.env, PGPASSWORD: password };
  return execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement, to], { env, encoding: "utf8" }).trim();
}
