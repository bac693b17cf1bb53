// How the app is built, served in development and tested.
import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The content policy allows no style that a script injects; the same rules come in through our own style sheet. */
const sonnerWithoutInjection: Plugin = {
  name: "sonner-without-injection",
  apply: "build",
  transform(code, id) {
    if (!id.includes("/sonner/dist/index")) return null;
    const quiet = code.replace(/^__insertCSS\(".*"\);$/m, "");
    if (quiet === code) this.error("sonner no longer injects its styles where we expect it");
    return { code: quiet, map: null };
  },
};

const gateway = { target: "http://127.0.0.1:3000", changeOrigin: false };

export default defineConfig({
  plugins: [react(), tailwindcss(), lingui(), sonnerWithoutInjection],
  resolve: { alias: [{ find: /^#\//, replacement: `${fileURLToPath(new URL("./src", import.meta.url))}/` }] },
  // Fonts stay files: the content policy allows no font from a data address.
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { port: 5173, proxy: { "/api": gateway, "/auth": gateway, "/health": gateway } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
