// Catalogues: one PO file per language, ids written by hand.
import { defineConfig } from "@lingui/cli";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "pt-BR", "es"],
  catalogs: [{ path: "<rootDir>/src/locales/{locale}", include: ["src"] }],
});
