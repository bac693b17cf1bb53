// Bundles the simulator's page into `dist/page.js` and `dist/page.css`, the two names the server's boot page knows.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/assets/",
  build: {
    target: "es2024",
    modulePreload: false,
    cssCodeSplit: false,
    rollupOptions: {
      input: "src/main.ts",
      output: {
        entryFileNames: "page.js",
        chunkFileNames: "[name].js",
        assetFileNames: "page[extname]",
        codeSplitting: false,
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
} as Parameters<typeof defineConfig>[0]);
