// The conformance suite: the simulator's page alone against the numbered facts of docs/whatsapp-web-assumptions.md.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // A machine that does other things at the same time may take seconds to draw.
    expect: { poll: { timeout: 10_000 } },
  },
});
