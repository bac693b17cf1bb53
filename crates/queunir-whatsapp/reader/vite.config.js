// Builds the reader as one script that is committed, read by people and injected.

import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// Tables of words that only the Rust side uses.
const RUST_ONLY = ["you", "today", "yesterday", "weekdays", "am", "pm", "day_first", "month_first", "edited"];

// Anchors go in as compact text; the readable form is the file in `profiles/`.
const compactProfiles = {
  name: "compact-profiles",
  enforce: "pre",
  load(id) {
    if (!/\/profiles\/\w+\.json$/.test(id)) return undefined;
    const data = JSON.parse(readFileSync(id, "utf8"));
    for (const name of ["about", ...RUST_ONLY]) delete data[name];
    const text = JSON.stringify(JSON.stringify(data)).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`");
    return { code: `export default JSON.parse(\`${text}\`);`, moduleType: "js" };
  },
  // Every line and name is kept; indentation and module comments are a tenth of the size and are left out.
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      chunk.code = chunk.code.replace(/^\t+/gm, "").replace(/^\/\/ .*\n/gm, "");
  },
};

// One script without imports, with its names kept, so that what is committed can be read.
export default defineConfig({
  plugins: [compactProfiles],
  build: {
    lib: { entry: "src/main.ts", formats: ["iife"], name: "queunirReader", fileName: () => "reader.js" },
    outDir: "../src/page/__generated__",
    emptyOutDir: false,
    minify: false,
    target: "chrome120",
    reportCompressedSize: false,
    rolldownOptions: { output: { comments: false } },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
});
