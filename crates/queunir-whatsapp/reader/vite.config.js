// Builds the reader as one script that is committed and injected; people read `src`, and `make check` builds it again.

import { defineConfig } from "vite";

const PLAIN = /\b(?:this|arguments)\b/;

/** A function of the bundle as an arrow, which says the same in fewer bytes. */
function arrow(node, code) {
  const text = (part) => code.slice(part.start, part.end);
  const [first, ...others] = node.params;
  const params = first?.type === "Identifier" && others.length === 0 ? text(first) : `(${node.params.map(text)})`;
  const [only] = node.body.body;
  if (node.body.body.length !== 1 || only.type !== "ReturnStatement" || only.argument === null)
    return `${node.id.name}=${params}=>${text(node.body)}`;
  const value = text(only.argument);
  const wrapped = value.startsWith("{") || only.argument.type === "SequenceExpression";
  return `${node.id.name}=${params}=>${wrapped ? `(${value})` : value}`;
}

/**
 * The functions of the script as arrows before everything else, where nothing has run yet that might miss one. One a
 * line, so that a change can be seen.
 */
const arrows = {
  name: "arrows",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      const { code } = chunk;
      const whole = this.parse(code).body.at(-1);
      const { body } = (whole.expression ?? whole.declarations[0].init).callee.body;
      const moved = body.filter(
        (node) =>
          node.type === "FunctionDeclaration" &&
          !node.async &&
          !node.generator &&
          !PLAIN.test(code.slice(node.start, node.end)),
      );
      const start = body.find((node) => node.directive === undefined).start;
      let rest = "";
      let from = start;
      for (const node of moved) {
        rest += code.slice(from, node.start).trimEnd();
        from = node.end;
      }
      rest += code.slice(from);
      chunk.code = `${code.slice(0, start)}const ${moved.map((node) => arrow(node, code)).join(",\n")};\n${rest}`;
    }
  },
};

// One script without imports; small, because every slice sends it with every document.
export default defineConfig({
  plugins: [arrows],
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
