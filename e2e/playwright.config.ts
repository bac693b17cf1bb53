// How the tests run in a browser.
import { defineConfig } from "@playwright/test";

const CONTAINERS = process.env.QN_RUNTIME === "docker";

/**
 * Each test runs a whole service with its own browsers, which mostly wait, so that two share the two cores of the reference
 * machine well; containers have one engine and the names that they have in production.
 */
export default defineConfig({
  testDir: "tests",
  workers: CONTAINERS ? 1 : 2,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  outputDir: "out",
  use: {
    // The simulator's CA, where it speaks HTTPS, is nobody's but the test's.
    ignoreHTTPSErrors: CONTAINERS,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
    },
  },
});
