// Containers for the tests of the image: locked as a slice is, and a line to the Chromium inside one.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const IMAGE = process.env.QN_IMAGE ?? "wank-slice:latest";
export const PROFILE = fileURLToPath(new URL("../seccomp.json", import.meta.url));
const BROWSERS = {
  chromium: ["/usr/lib/chromium/chromium", "--headless=new"],
  "headless-shell": ["/usr/lib/chromium/chromium-headless-shell"],
};

/** What a slice's container is locked with (ISO-02), but for its mounts and its network. */
export function locked({ seccomp = PROFILE, mounts = {} } = {}) {
  return [
    "--rm",
    "--network=none",
    "--user=200001:200001",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    ...(seccomp ? [`--security-opt=seccomp=${seccomp}`] : []),
    "--read-only",
    "--tmpfs=/tmp:rw,nosuid,nodev,noexec,size=256m,mode=0700,uid=200001,gid=200001",
    "--shm-size=256m",
    "--pids-limit=512",
    "--memory=1g",
    "--memory-swap=1g",
    "--ulimit=nofile=8192",
    "--env=HOME=/tmp",
    ...Object.entries(mounts).map(([inside, outside]) => `--volume=${outside}:${inside}:ro`),
  ];
}

/** Runs docker to its end; what it wrote, and how it ended. */
export function docker(...args) {
  const { status, stdout, stderr, error } = spawnSync("docker", args, { encoding: "utf8", timeout: 60_000 });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Like `docker`, for what has to succeed. */
export function must(...args) {
  const { status, stdout, stderr } = docker(...args);
  if (status !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

export const engine = () => must("image", "inspect", "--format", '{{index .Config.Labels "queunir.engine"}}', IMAGE);

/** Chromium in a locked container, driven over its pipe. */
export class Browser {
  #process;
  #waiting = new Map();
  #listening = new Map();
  #next = 1;
  #words = "";
  session;
  name = `browser-${process.pid}-${Browser.#count++}`;
  static #count = 0;

  constructor(options) {
    const command = [...BROWSERS[engine()], "--remote-debugging-pipe", "--user-data-dir=/tmp/profile", "about:blank"];
    const inside = ["tini", "--", "sh", "-c", `exec ${command.join(" ")} 3<&0 4>&1`];
    const args = ["run", "--interactive", "--name", this.name, ...locked(options), IMAGE, ...inside];
    this.#process = spawn("docker", args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stdin.on("error", () => {});
    this.#process.stderr.on("data", (data) => {
      this.#words += data;
    });
    this.ended = once(this.#process, "close").then(([code]) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the browser ended with ${code}: ${this.#words}`));
      return { code, words: this.#words };
    });
    let rest = Buffer.alloc(0);
    this.#process.stdout.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.#take(JSON.parse(rest.subarray(0, end).toString("utf8")));
        rest = rest.subarray(end + 1);
      }
    });
  }

  /** One that answers, attached to its page. */
  static async start(options) {
    const browser = new Browser(options);
    for (;;) {
      const { targetInfos } = await browser.call("Target.getTargets");
      const page = targetInfos.find(({ type }) => type === "page");
      if (!page) continue;
      const { sessionId } = await browser.call("Target.attachToTarget", { targetId: page.targetId, flatten: true });
      browser.session = sessionId;
      await browser.call("Page.enable");
      return browser;
    }
  }

  call(method, params = {}) {
    const id = this.#next++;
    const message = { id, method, params, ...(this.session ? { sessionId: this.session } : {}) };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify(message)}\0`);
    });
  }

  #take({ id, method, result, error }) {
    if (method) {
      for (const tell of this.#listening.get(method) ?? []) tell();
      this.#listening.delete(method);
      return;
    }
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }

  /** Ends when the next event of this name comes. */
  event(method) {
    return new Promise((tell) => this.#listening.set(method, [...(this.#listening.get(method) ?? []), tell]));
  }

  /** The value of an expression in the page. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Goes to an address; why it did not get there, or nothing. */
  async go(url) {
    return (await this.call("Page.navigate", { url })).errorText;
  }

  async end() {
    docker("container", "rm", "--force", this.name);
    await this.ended;
  }
}
