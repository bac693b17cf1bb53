// Builds the reader as one script that is committed and injected; people read `src`, and `make check` builds it again.

import { defineConfig } from "vite";

// One function a line, so that a change can be seen.
const lines = {
  name: "lines",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = chunk.code.replace(/(?<=[;}])(?=function \w+\()/g, "\n");
  },
};

// One script without imports; small, because every slice sends it with every document.
export default defineConfig({
  plugins: [lines],
  build: {
    lib: { entry: "src/main.ts", formats: ["iife"], name: "queunirReader", fileName: () => "reader.js" },
    outDir: "../src/page/__generated__",
    emptyOutDir: false,
    minify: "oxc",
    target: "chrome120",
    reportCompressedSize: false,
    rolldownOptions: { output: { comments: false } },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], setupFiles: ["test/beside.ts"] },
});
