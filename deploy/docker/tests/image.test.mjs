// The image of a slice as the runtime will run it: what is inside, how Chromium is shut in, where it may go.
// Run by scripts/test-docker.sh.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Browser, docker, engine, IMAGE, locked, must, PROFILE } from "./slice.mjs";

const folder = mkdtempSync(join(tmpdir(), "queunir-image-"));
after(() => rmSync(folder, { recursive: true }));
const LIMIT_MB = { chromium: 600, "headless-shell": 400 };
const LOADED =
  "new Promise((tell) => { document.readyState === 'complete' ? tell(document.title) : addEventListener('load', () => tell(document.title)); })";
// The lighter browser is built without policies.
const POLICIES = { skip: engine() === "headless-shell" && "chromium-headless-shell knows no policies" };
const BLOCKED = "net::ERR_BLOCKED_BY_ADMINISTRATOR";
const inspect = () => JSON.parse(must("image", "inspect", IMAGE))[0];

test("the image is as small as promised, names what it holds, and starts a slice under an init", () => {
  const { Size, Config } = inspect();
  assert.ok(Size <= LIMIT_MB[engine()] * 1e6, `${Size} bytes`);
  assert.deepEqual(Config.Cmd, ["tini", "--", "queunir", "slice", "--spec", "/run/queunir/spec.json"]);
  assert.equal(Config.Entrypoint, null);
  assert.notEqual(Config.User.split(":")[0], "0");
  const packages = must("run", ...locked(), IMAGE, "cat", "/usr/share/queunir/packages.txt").split("\n");
  const name = { chromium: "chromium", "headless-shell": "chromium-headless-shell" }[engine()];
  assert.ok(packages.includes(`${name} ${Config.Labels["queunir.chromium"]} amd64`));
  const version = must("run", ...locked(), IMAGE, "queunir", "--version");
  assert.equal(version, `queunir ${Config.Labels["queunir.version"]}`);
});

test("a slice's executable runs inside as any user, and says what is wrong with its spec", () => {
  assert.match(must("run", ...locked(), IMAGE, "tini", "--", "queunir", "slice", "--help"), /--spec/);
  const { status, stderr } = docker("run", ...locked(), IMAGE);
  assert.equal(status, 1);
  assert.match(stderr, /cannot read \/run\/queunir\/spec\.json/);
});

// `queunir inspect` uses full Chromium.
const FULL = { skip: engine() === "headless-shell" && "the image holds the other browser" };
test("a slice's own code starts the browser inside, under the image's policies, and reads a page", FULL, () => {
  const page = fileURLToPath(
    new URL("../../../crates/queunir-whatsapp/tests/pages/g3/contact-pt-BR.html", import.meta.url),
  );
  const options = locked({ mounts: { "/page.html": page } });
  const seen = JSON.parse(must("run", ...options, IMAGE, "tini", "--", "queunir", "inspect", "--html", "/page.html"));
  assert.deepEqual([seen.screen, seen.generation], ["main", "g3"]);
  assert.ok(seen.chats.some(({ title }) => title === "Marta Souza"));
  assert.ok(seen.messages.length > 0);
});

test("nothing in the image gives its user another's rights", () => {
  const container = must("create", IMAGE);
  try {
    const list = execFileSync("sh", ["-c", `docker export ${container} | tar --list --verbose`], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
    });
    const lines = list.split("\n");
    assert.ok(lines.some((line) => line.endsWith(" usr/bin/queunir")));
    assert.deepEqual(
      lines.filter((line) => /^-..[sS]|^-.{5}[sS]/.test(line)),
      [],
    );
    assert.deepEqual(
      lines.filter((line) => /(libLLVM|libgtk|khronos_validation|swrast_dri|\/apt$)/.test(line)),
      [],
    );
  } finally {
    must("container", "rm", container);
  }
});

test("iso_03_chromium_starts_sandboxed_and_renders", async () => {
  const browser = await Browser.start();
  try {
    await browser.evaluate(
      `document.body.innerHTML = '<canvas id=code width=60 height=60></canvas><p>6 x 7 = <b></b></p>'`,
    );
    await browser.evaluate("document.querySelector('b').textContent = 6 * 7");
    assert.equal(await browser.evaluate("document.body.innerText.trim()"), "6 x 7 = 42");
    const colours = (text, font) => `(() => {
      const pen = document.getElementById("code").getContext("2d", { willReadFrequently: true });
      pen.clearRect(0, 0, 60, 60);
      pen.font = "40px ${font}";
      pen.fillText("${text}", 5, 45);
      const { data } = pen.getImageData(0, 0, 60, 60);
      let drawn = 0, coloured = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3]) drawn++;
        if (data[i + 3] && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 40) coloured++;
      }
      return { drawn, coloured };
    })()`;
    const letter = await browser.evaluate(colours("ã", "Helvetica"));
    assert.ok(letter.drawn > 50 && letter.coloured === 0, JSON.stringify(letter));
    const emoji = await browser.evaluate(colours("😀", "sans-serif"));
    assert.ok(emoji.coloured > 300, JSON.stringify(emoji));
    const { data } = await browser.call("Page.captureScreenshot", { format: "png" });
    assert.equal(Buffer.from(data, "base64").subarray(1, 4).toString(), "PNG");

    const first = must("inspect", "--format", "{{.State.Pid}}", browser.name);
    assert.equal(readFileSync(`/proc/${first}/comm`, "utf8").trim(), "tini");
    const space = (pid, kind) => readlinkSync(`/proc/${pid}/ns/${kind}`);
    const renderers = processes().filter(
      ({ pid, line }) =>
        line.includes("--type=renderer") &&
        readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(must("inspect", "--format", "{{.Id}}", browser.name)),
    );
    assert.ok(renderers.length > 0, "no renderer runs");
    for (const { pid } of renderers) {
      for (const kind of ["user", "pid", "net"]) assert.notEqual(space(pid, kind), space(first, kind), kind);
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      assert.ok(Number(/^Seccomp_filters:\s*(\d+)/m.exec(status)?.[1]) >= 2, status);
      assert.match(status, /^NoNewPrivs:\s*1$/m);
    }
  } finally {
    await browser.end();
  }
});

test("iso_03_under_the_engine's_own_profile_chromium_does_not_start", async () => {
  const { code, words } = await new Browser({ seccomp: null }).ended;
  assert.notEqual(code, 0);
  assert.match(words, /No usable sandbox/);
});

test("iso_03_the_profile_allows_nothing_that_chromium_can_start_without", async (t) => {
  const less = {
    "without chroot": (rule) => ({ ...rule, names: rule.names.filter((name) => name !== "chroot") }),
    "without unshare": (rule) => ({ ...rule, names: rule.names.filter((name) => name !== "unshare") }),
    "with the default's clone": (rule) =>
      rule.names[0] === "clone" ? { ...rule, args: [{ ...rule.args[0], value: 0x7e020000 }] } : rule,
  };
  for (const [name, change] of Object.entries(less)) {
    await t.test(name, async () => {
      const profile = JSON.parse(readFileSync(PROFILE, "utf8"));
      profile.syscalls = profile.syscalls.map(change).filter(({ names }) => names.length > 0);
      const file = join(folder, "less.json");
      writeFileSync(file, JSON.stringify(profile));
      assert.notEqual((await new Browser({ seccomp: file }).ended).code, 0);
    });
  }
});

test("iso_03_the_profile_is_the_engine's_default_and_the_written_difference", () => {
  const [ours, theirs] = [PROFILE, null].map(resolved);
  const plain = (profile) =>
    new Set(
      profile.syscalls
        .filter(({ action, args }) => action === "SCMP_ACT_ALLOW" && !args?.length)
        .flatMap(({ names }) => names),
    );
  const without = (one, other) => [...plain(one)].filter((name) => !plain(other).has(name)).sort();
  assert.deepEqual(without(ours, theirs), ["chroot"]);
  // Engines from 25 on leave io_uring out themselves.
  const lost = without(theirs, ours).filter((name) => !name.startsWith("io_uring_"));
  assert.deepEqual(
    lost.filter((name) => !["socket", "socketcall"].includes(name)),
    [],
  );
  assert.ok(![...plain(ours)].some((name) => /^(io_uring_.*|socket|socketcall)$/.test(name)));
  assert.deepEqual(ours.architectures, ["SCMP_ARCH_X86_64"]);
  assert.equal(ours.defaultAction, theirs.defaultAction);
});

test("iso_03_calls_families_and_namespaces_are_as_the_table_says", () => {
  const probe = join(folder, "probe");
  execFileSync("cc", ["-static", "-O1", "-o", probe, fileURLToPath(new URL("probe.c", import.meta.url))]);
  const said = must("run", ...locked({ mounts: { "/probe": probe } }), IMAGE, "/probe");
  assert.deepEqual(Object.fromEntries(said.split("\n").map((line) => line.split(": "))), {
    "chroot without a user namespace": "EPERM",
    clone3: "ENOSYS",
    mount: "EPERM",
    setns: "EPERM",
    keyctl: "EPERM",
    userfaultfd: "EPERM",
    bpf: "EPERM",
    perf_event_open: "EPERM",
    io_uring_setup: "EPERM",
    open_by_handle_at: "EPERM",
    init_module: "EPERM",
    "socket unix": "ok",
    "socket inet": "ok",
    "socket inet6": "ok",
    "socket netlink route": "ok",
    "socket netlink netfilter": "EPERM",
    "socket netlink xfrm": "EPERM",
    "socket packet": "EPERM",
    "socket vsock": "EPERM",
    "socket alg": "EPERM",
    "socket 32-bit": "signal 31",
    "unshare user": "ok",
    "unshare user and mount": "EPERM",
    "unshare net": "EPERM",
    "clone user, pid and net": "ok",
    "clone user and mount": "EPERM",
    "clone user and ipc": "EPERM",
  });
});

test("chr_02_the_browser_goes_nowhere_but_to_whatsapp", POLICIES, async () => {
  const browser = await Browser.start();
  try {
    for (const url of [
      "https://example.com/",
      "http://web.whatsapp.com/",
      "https://other.web.whatsapp.com/",
      "https://web.whatsapp.com.example.com/",
      "file:///etc/passwd",
      "data:text/html,x",
      "view-source:https://web.whatsapp.com/",
    ]) {
      assert.equal(await browser.go(url), BLOCKED, url);
    }
    // Allowed, and there is no network here.
    assert.equal(await browser.go("https://web.whatsapp.com/"), "net::ERR_INTERNET_DISCONNECTED");
    assert.equal(await browser.go("about:blank"), undefined);
    await browser.evaluate(`document.body.innerHTML = '<a href="https://example.com/">you won</a>'`);
    const gone = browser.event("Page.frameNavigated");
    await browser.evaluate("setTimeout(() => document.querySelector('a').click())");
    await gone;
    assert.equal(await browser.evaluate("location.href"), "chrome-error://chromewebdata/");
    await browser.evaluate(LOADED);
    assert.match(await browser.evaluate("document.body.innerText"), /This page is blocked/);
  } finally {
    await browser.end();
  }
});

// Each in a browser of its own: refused after another page was open, it ends this version of Chromium.
test("chr_02_of_chromium's_own_pages_only_that_with_its_version_opens", POLICIES, async () => {
  for (const [url, expected] of [
    ["chrome://version/", undefined],
    ["chrome://settings/", BLOCKED],
    ["chrome://policy/", BLOCKED],
  ]) {
    const browser = await Browser.start();
    try {
      assert.equal(await browser.go(url), expected, url);
    } finally {
      await browser.end();
    }
  }
});

test("chr_02_a_file_of_origins_put_over_the_image's_own_replaces_them", POLICIES, async () => {
  const origins = join(folder, "origins.json");
  writeFileSync(origins, JSON.stringify({ URLAllowlist: ["https://sim.test:3900", "data:*"] }));
  const browser = await Browser.start({ mounts: { "/etc/chromium/policies/managed/origins.json": origins } });
  try {
    assert.equal(await browser.go("https://web.whatsapp.com/"), BLOCKED);
    assert.equal(await browser.go("https://sim.test:3900/"), "net::ERR_INTERNET_DISCONNECTED");
    assert.equal(await browser.go("data:text/html,<title>here</title>"), undefined);
    assert.equal(await browser.evaluate(LOADED), "here");
  } finally {
    await browser.end();
  }
});

function processes() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [{ pid, line: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") }];
      } catch {
        return [];
      }
    });
}

/** A profile as the engine hands it to the kernel for a container without capabilities; null: its default. */
function resolved(profile) {
  const id = must("run", "--detach", ...locked({ seccomp: profile }), IMAGE, "sleep", "60");
  try {
    const root = join(
      process.env.DOCKER_HOST.replace("unix://", ""),
      "../exec/containerd/daemon/io.containerd.runtime.v2.task/moby",
    );
    return JSON.parse(readFileSync(join(root, id, "config.json"), "utf8")).linux.seccomp;
  } finally {
    must("container", "rm", "--force", id);
  }
}
