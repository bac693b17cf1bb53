// Builds the reader as one script that is committed and injected; people read `src`, and `make check` builds it again.

import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// Tables of words that only the Rust side uses.
const RUST_ONLY = [
  "you",
  "ack",
  "today",
  "yesterday",
  "weekdays",
  "am",
  "pm",
  "day_first",
  "month_first",
  "edited",
  "group_info",
  "contact_info",
  "group_composer",
];

// Anchors go in as compact text; the readable form is the file in `profiles/`.
const compactProfiles = {
  name: "compact-profiles",
  enforce: "pre",
  load(id) {
    if (!/\/profiles\/\w+\.json$/.test(id)) return undefined;
    const data = JSON.parse(readFileSync(id, "utf8"));
    delete data.about;
    if (id.endsWith("/labels.json")) for (const name of RUST_ONLY) delete data[name];
    const text = JSON.stringify(JSON.stringify(data)).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`");
    return { code: `export default JSON.parse(\`${text}\`);`, moduleType: "js" };
  },
  // Small, because every slice sends it with every document; one function a line, so that a change can be seen.
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = chunk.code.replace(/(?<=[;}])(?=function \w+\()/g, "\n");
  },
};

// One script without imports.
export default defineConfig({
  plugins: [compactProfiles],
  build: {
    lib: { entry: "src/main.ts", formats: ["iife"], name: "queunirReader", fileName: () => "reader.js" },
    outDir: "../src/page/__generated__",
    emptyOutDir: false,
    minify: "oxc",
    target: "chrome120",
    reportCompressedSize: false,
    rolldownOptions: { output: { comments: false } },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
});
