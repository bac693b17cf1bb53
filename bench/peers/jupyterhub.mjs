// JupyterHub as it comes: its local spawner, its own proxy, one server per user. `make bench-setup` installs it.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../e2e/service.ts";

const HERE = new URL(".", import.meta.url).pathname;
const PYTHON = join(HERE, "python/bin");

/** Starts a hub; `start` answers how long a user's first server takes from the order until it answers, in ms. */
export async function startHub() {
  const dir = mkdtempSync(join(tmpdir(), "qn-hub-"));
  // Its servers run as nobody in particular and need to reach their folder.
  chmodSync(dir, 0o755);
  const [port, hub, proxy] = [await freePort(), await freePort(), await freePort()];
  const token = randomBytes(16).toString("hex");
  writeFileSync(
    join(dir, "config.py"),
    `c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:${port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:${hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxy}"
c.ConfigurableHTTPProxy.command = ["${join(HERE, "node_modules/.bin/configurable-http-proxy")}"]
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.Spawner.args = ["--allow-root", "--log-level=ERROR"]
c.SimpleLocalProcessSpawner.home_dir_template = "${dir}/{username}"
c.JupyterHub.services = [{"name": "bench", "api_token": "${token}"}]
c.JupyterHub.load_roles = [{"name": "bench", "services": ["bench"], "scopes": ["admin:users", "admin:servers", "access:servers"]}]
c.JupyterHub.log_level = "ERROR"
c.Spawner.disable_user_config = True
`,
  );
  const env = { ...process.env, PATH: `${PYTHON}:${process.env.PATH}`, HOME: dir };
  const child = spawn(join(PYTHON, "jupyterhub"), ["-f", "config.py"], {
    cwd: dir,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const call = (path, method = "GET") =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization: `token ${token}` } });
  const answers = async (path) => (await call(path).catch(() => undefined))?.ok === true;
  await until(() => answers("/hub/api/"), 60_000);
  return {
    version: execFileSync(join(PYTHON, "jupyterhub"), ["--version"], { encoding: "utf8" }).trim(),
    async start(user) {
      await must(call(`/hub/api/users/${user}`, "POST"));
      const began = performance.now();
      await must(call(`/hub/api/users/${user}/server`, "POST"));
      await until(() => answers(`/user/${user}/api/status`), 60_000);
      const took = performance.now() - began;
      await must(call(`/hub/api/users/${user}/server`, "DELETE"));
      return took;
    },
    async close() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function must(answer) {
  const { ok, status, url } = await answer;
  if (!ok) throw new Error(`${url}: ${status}`);
}

async function until(holds, limit) {
  for (const end = Date.now() + limit; !(await holds()); ) {
    if (Date.now() > end) throw new Error("waited in vain for JupyterHub");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
