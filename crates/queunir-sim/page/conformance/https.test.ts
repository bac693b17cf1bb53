// What a container's browser needs: the simulator under a name that is not this machine's, as a secure context.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AGENT, address, CHROMIUM, EXECUTABLE } from "./stage.ts";

const NAME = "sim.test";

const folder = mkdtempSync(join(tmpdir(), "queunir-sim-tls-"));
const servers: ChildProcess[] = [];
const browsers: Browser[] = [];
let secure: string;
let plain: string;
let hash: string;

/** Starts a simulator; gives its address under the foreign name. */
async function start(scheme: string, ...more: string[]): Promise<string> {
  const server = spawn(EXECUTABLE, ["--listen", "127.0.0.1:0", "--scenario", "test", "--speed", "20", ...more], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  servers.push(server);
  return `${scheme}://${NAME}:${new URL(await address(server)).port}`;
}

/** A page of a fresh browser that finds the name, with more switches. */
async function open(...switches: string[]): Promise<Page> {
  const args = [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`, ...switches];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  browsers.push(browser);
  return (await browser.newContext({ userAgent: AGENT })).newPage();
}

beforeAll(async () => {
  secure = await start("https", "--tls-dir", folder, "--tls-name", NAME);
  plain = await start("http");
  hash = readFileSync(join(folder, "ca.spki"), "utf8").trim();
});
afterAll(async () => {
  for (const browser of browsers) await browser.close();
  for (const server of servers) server.kill("SIGTERM");
  rmSync(folder, { recursive: true });
});

test("a page links over HTTPS and is a secure context with everything that comes with it", async () => {
  const page = await open(`--ignore-certificate-errors-spki-list=${hash}`);
  await page.goto(secure);
  const code = await page.locator("[data-ref]").getAttribute("data-ref");
  expect(await page.evaluate(() => [isSecureContext, "serviceWorker" in navigator, !!crypto.subtle])).toEqual([
    true,
    true,
    true,
  ]);
  // A worker's script is fetched without mercy for certificates; any module of the server will do.
  const worker = await page.evaluate(async () => {
    const made = await navigator.serviceWorker.register("/phone/files.js", { type: "module", scope: "/phone/" });
    return (made.installing ?? made.waiting ?? made.active)?.scriptURL;
  });
  expect(worker).toBe(`${secure}/phone/files.js`);
  const scanned = await page.evaluate(async (code) => {
    const headers = { "content-type": "application/json" };
    return (await fetch("/_sim/scan", { method: "POST", headers, body: JSON.stringify({ code }) })).status;
  }, code);
  expect(scanned).toBe(200);
  await page.locator("#pane-side").waitFor();
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBeGreaterThan(0);
  await page.reload();
  await page.locator("#pane-side").waitFor();
});

test("a browser that does not know the CA goes no further", async () => {
  const page = await open();
  await expect(page.goto(secure)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
});

test("without TLS the same name is no secure context", async () => {
  const page = await open();
  await page.goto(plain);
  expect(await page.evaluate(() => [isSecureContext, "serviceWorker" in navigator])).toEqual([false, false]);
});
