// The pure functions of the house.
import { describe, expect, it } from "vitest";
import { paths } from "#/lib/paths";
import { folded, initials, matchesPerson } from "#/lib/people";
import { daysAgo, elapsed, listTime, moment } from "#/lib/time";
import { closestLocale } from "#/lib/words";

describe("people", () => {
  it("finds names without their marks and numbers in any writing", () => {
    expect(folded("João")).toBe("joao");
    expect(matchesPerson("joao", "João Pedro", null)).toBe(true);
    expect(matchesPerson("11 98888", "Marina", "+55 (11) 98888-0142")).toBe(true);
    expect(matchesPerson("98888", "Marina", null)).toBe(false);
    expect(matchesPerson("marina 2", "Marina", "+2")).toBe(false);
    expect(matchesPerson("  ", "anyone", null)).toBe(true);
  });

  it("shortens names of any script", () => {
    expect(initials("marina da Silva")).toBe("MS");
    expect(initials("🌸 Flor")).toBe("F");
    expect(initials("ليلى حداد")).toBe("لح");
    expect(initials("🌸")).toBe("#");
  });
});

describe("time", () => {
  const now = new Date(2026, 10, 21, 10, 0).getTime();

  it("counts calendar days, not periods of 24 hours", () => {
    expect(daysAgo(new Date(2026, 10, 20, 23, 59).getTime(), now)).toBe(1);
    expect(daysAgo(new Date(2026, 10, 21, 0, 1).getTime(), now)).toBe(0);
  });

  it("speaks the viewer's language", () => {
    expect(listTime(new Date(2026, 10, 20, 9, 0).getTime(), now, "pt-BR")).toBe("Ontem");
    expect(listTime(new Date(2026, 10, 20, 9, 0).getTime(), now, "es")).toBe("Ayer");
    expect(listTime(new Date(2026, 10, 21, 9, 5).getTime(), now, "pt-BR")).toBe("09:05");
    expect(listTime(new Date(2025, 1, 3, 9, 0).getTime(), now, "pt-BR")).toBe("03/02/25");
  });

  it("shows passed time and refuses what is no time", () => {
    expect(elapsed(61_500)).toBe("1:01");
    expect(elapsed(-5)).toBe("0:00");
    expect(moment("nonsense")).toBeNull();
    expect(moment(null)).toBeNull();
  });
});

describe("languages", () => {
  it("takes the first of the person's languages that we speak", () => {
    expect(closestLocale(["fr", "pt-PT", "en"])).toBe("pt-BR");
    expect(closestLocale(["es-MX"])).toBe("es");
    expect(closestLocale(["ja"])).toBe("en");
  });
});

it("has these addresses", () => {
  expect(paths).toMatchInlineSnapshot(`
    {
      "chat": "/chats/$chatId",
      "chats": "/chats",
      "connect": "/connect",
      "connection": "/connection",
      "home": "/",
      "signIn": "/sign-in",
      "signUp": "/sign-up",
    }
  `);
});
