// How the tests run in a browser.
import { defineConfig } from "@playwright/test";

/** One worker: each test runs a whole service with its own browsers, and the reference machine has two cores. */
export default defineConfig({
  testDir: "tests",
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  outputDir: "out",
  use: {
    // The simulator's CA, where it speaks HTTPS, is nobody's but the test's.
    ignoreHTTPSErrors: process.env.QN_RUNTIME === "docker",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
    },
  },
});
