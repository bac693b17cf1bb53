// How the peers hold WhatsApp's page: puppeteer-core, one browser with the flags that such programs use, no sandbox.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

/** Starts a browser on a fresh profile; `close` ends it and removes the profile. */
export async function startBrowser(executablePath = "/usr/bin/chromium") {
  const profile = mkdtempSync(join(tmpdir(), "qn-bench-"));
  const browser = await puppeteer.launch({
    executablePath,
    userDataDir: profile,
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Opens the page and waits for its code. */
export async function openPage(browser, simulator) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.setUserAgent({ userAgent: (await browser.userAgent()).replace("HeadlessChrome", "Chrome") });
  await page.goto(`${simulator.replace("127.0.0.1", "localhost")}/`);
  await page.waitForSelector("[data-ref] canvas", { timeout: 60_000 });
  return page;
}

/** Opens the page and links it as a device of `account`, which may be left out while there is one. */
export async function linkPage(browser, simulator, account) {
  const page = await openPage(browser, simulator);
  const code = await page.$eval("[data-ref]", (element) => element.getAttribute("data-ref"));
  const scan = await fetch(`${simulator}/_sim/scan`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, account }),
  });
  if (!scan.ok) throw new Error(`scan: ${scan.status} ${await scan.text()}`);
  await page.waitForSelector("#pane-side", { timeout: 60_000 });
  return page;
}
