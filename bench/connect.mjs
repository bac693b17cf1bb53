// Click on Connect to the QR code in the browser, cold. With slices as processes the peer starts the same Chromium on the
// same page with puppeteer-core and waits for the code, without accounts, provisioning, isolation or a second browser.
// With QN_RUNTIME=docker, under scripts/with-docker.sh, it is JupyterHub, from the order of a user's first server until
// that answers: accounts, provisioning and a proxy, without isolation and without a browser to start.
import { chromium } from "playwright-core";
import { Service } from "../e2e/service.ts";
import { startHub } from "./peers/jupyterhub.mjs";
import { openPage, startBrowser } from "./peers/page.mjs";
import { percentile, report } from "./report.mjs";

const RUNS = Number(process.env.RUNS ?? 10);
const BROWSER = "/usr/bin/chromium";

const service = await Service.create();
const browser = await chromium.launch({ executablePath: BROWSER });
const hub = process.env.QN_RUNTIME === "docker" ? await startHub() : undefined;
const ours = [];
const peer = [];
try {
  for (let run = 0; run < RUNS; run++) {
    ours.push(await connect(run));
    peer.push(hub ? await hub.start(`user${run}`) : await bare());
  }
} finally {
  await browser.close();
  await hub?.close();
  await service.remove();
}
const peer_name = hub ? `JupyterHub ${hub.version}, local spawner` : "puppeteer-core start to code";
const p50 = percentile(ours, 0.5);
report(hub ? "connect-docker" : "connect", [
  {
    name: `click to code, p50 of ${RUNS}`,
    ours: p50,
    peer: percentile(peer, 0.5),
    peer_name,
    unit: "ms",
    wanted: "under 3000",
    holds: p50 < 3000,
  },
  {
    name: "slowest",
    ours: Math.max(...ours),
    peer: Math.max(...peer),
    peer_name,
    unit: "ms",
    wanted: "stated",
    holds: true,
  },
]);

/** A new account each time, so that database, role, certificate, process and browser are all cold. */
async function connect(run) {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  await page.goto(`${service.app}/sign-up`);
  await page.getByLabel("E-mail").fill(`bench${run}@example.com`);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("radio").first().click();
  await page.getByRole("checkbox").click();
  const start = performance.now();
  await page.getByRole("button", { name: "Connect WhatsApp" }).click();
  await page.getByRole("img", { name: "QR code to scan with WhatsApp" }).waitFor({ timeout: 60_000 });
  const took = performance.now() - start;
  // Ends the slice's browser again, so that runs do not share the machine.
  await page.evaluate(() => fetch("/api/connection/cancel", { method: "POST", headers: { "X-Qn": "1" } }));
  await context.close();
  return took;
}

async function bare() {
  const start = performance.now();
  const { browser, close } = await startBrowser(BROWSER);
  await openPage(browser, service.simulator);
  const took = performance.now() - start;
  await close();
  return took;
}
