// Every text exists in every language, with the same blanks.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setupI18n } from "@lingui/core";
import { describe, expect, it } from "vitest";
import { messages as en } from "#/locales/en.po";
import { messages as es } from "#/locales/es.po";
import { messages as ptBR } from "#/locales/pt-BR.po";

const catalogues = { en, "pt-BR": ptBR, es };
const ids = Object.keys(en);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "mock" ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

const code = sources(join(import.meta.dirname, ".."));
const quoted = new Set(
  code.flatMap((text) => [...text.matchAll(/"([a-z_]+(?:\.[a-z0-9_]+)*)"/g)].map((found) => found[1])),
);
const spoken = new Set(code.flatMap((text) => [...text.matchAll(/\bsay\(\s*"([^"]+)"/g)].map((found) => found[1])));

/** The blanks of a compiled message. */
function blanks(message: unknown): string[] {
  const found = new Set<string>();
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "string" && part.length <= 3 && /^\w+$/.test(part[0])) found.add(part[0]);
    for (const inner of part) walk(inner);
  };
  if (Array.isArray(message)) for (const part of message) walk(part);
  return [...found].sort();
}

describe("catalogues", () => {
  it.each(Object.entries(catalogues))("%s has every text and no other", (_locale, messages) => {
    expect(Object.keys(messages).sort()).toEqual([...ids].sort());
    for (const id of ids) expect(messages[id], id).toBeTruthy();
  });

  it("has every text that the code says, and none that nobody says", () => {
    expect([...spoken].filter((id) => id !== undefined && !ids.includes(id))).toEqual([]);
    expect(ids.filter((id) => !quoted.has(id))).toEqual([]);
  });

  it.each(ids)("%s has the same blanks in each language", (id) => {
    expect(blanks(ptBR[id])).toEqual(blanks(en[id]));
    expect(blanks(es[id])).toEqual(blanks(en[id]));
  });

  it("counts as people do", () => {
    const i18n = setupI18n({ locale: "pt-BR", messages: { "pt-BR": ptBR } });
    expect(i18n._("chat.unread", { count: 0 })).toBe("Nenhuma não lida");
    expect(i18n._("chat.unread", { count: 1 })).toBe("1 mensagem não lida");
    expect(i18n._("qr.count", { number: 2, of: 6 })).toBe("Código 2 de 6");
  });
});
