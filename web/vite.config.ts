//! How the app is built, served in development and tested.
import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const gateway = { target: "http://127.0.0.1:3000", changeOrigin: false };

export default defineConfig({
  plugins: [react(), tailwindcss(), lingui()],
  resolve: { alias: [{ find: /^#\//, replacement: `${fileURLToPath(new URL("./src", import.meta.url))}/` }] },
  // Fonts stay files: the content policy allows no font from a data address.
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { port: 5173, proxy: { "/api": gateway, "/auth": gateway, "/health": gateway } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
