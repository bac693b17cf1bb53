import { describe, expect, it } from "vitest";
import { base64, changesSomething, fileName } from "#/features/settings/optOutList";

describe("a list of opt-outs", () => {
  it("travels byte by byte, whatever its encoding", () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, place) => place % 256);
    const back = Uint8Array.from(atob(base64(bytes)), (letter) => letter.charCodeAt(0));
    expect(back).toEqual(bytes);
  });

  it("is saved under its day", () => {
    expect(fileName(Date.parse("2026-11-23T23:59:59Z"))).toBe("opt-outs-2026-11-23.csv");
  });

  it("changes something if a conversation or a number is new", () => {
    const told = { preview: true, chats: [], chats_total: 0, numbers: 0, known: 3, refused: [], refused_total: 2 };
    expect(changesSomething(told)).toBe(false);
    expect(changesSomething({ ...told, numbers: 1 })).toBe(true);
    expect(changesSomething({ ...told, chats_total: 1 })).toBe(true);
  });
});
