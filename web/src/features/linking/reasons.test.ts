// What is said of a page that WhatsApp has changed: calm, and worse only when something is missing.
import { describe, expect, it } from "vitest";
import type { ReaderTrouble } from "#/api/types";
import { readerWords } from "#/features/linking/reasons";

const trouble = (unreadable: string[]): ReaderTrouble => ({
  state: "degraded",
  since: "2026-11-21T12:34:00Z",
  dead: ["list.title:testid"],
  unreadable,
});
const say = (id: string, values?: Record<string, unknown>): string => `${id} ${values?.time}`;

describe("what is said of a changed page", () => {
  it("tells since when part of it cannot be read", () => {
    expect(readerWords(say, trouble(["message.ack"]), "pt-BR")).toMatch(/^reader\.part \d\d:\d\d$/);
  });

  it("tells that everything is read when other signs suffice", () => {
    expect(readerWords(say, trouble([]), "pt-BR")).toMatch(/^reader\.changed \d\d:\d\d$/);
  });
});
