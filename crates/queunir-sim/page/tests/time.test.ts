// Clocks and days as the evidence shows them per language.
import { describe, expect, it } from "vitest";
import { textsFor } from "../src/locale/texts.ts";
import { Clock } from "../src/locale/time.ts";

const clock = (locale: string, hour12: boolean, zone = "UTC"): Clock => new Clock(textsFor(locale), hour12, zone);
const at = (text: string): number => Date.parse(text);
const plain = (text: string): string => text.replace(/[\u00A0\u202F]/g, " ");

describe("data-pre-plain-text", () => {
  it("follows language and hour style", () => {
    expect(plain(clock("en", true).prePlain(at("2026-06-13T20:19:00Z"), "NAME"))).toBe("[8:19 PM, 6/13/2026] NAME: ");
    expect(clock("en-GB", false).prePlain(at("2026-04-18T13:32:00Z"), "+91 70000 00000")).toBe(
      "[13:32, 18/04/2026] +91 70000 00000: ",
    );
    expect(clock("pt-BR", false).prePlain(at("2026-07-03T15:06:00Z"), "NAME")).toBe("[15:06, 03/07/2026] NAME: ");
    expect(clock("es", false).prePlain(at("2026-09-14T15:33:00Z"), "NAME")).toBe("[15:33, 14/9/2026] NAME: ");
    expect(clock("zh-CN", true).prePlain(at("2026-09-18T13:23:00Z"), "Test")).toBe("[下午1:23, 2026年9月18日] Test: ");
  });

  it("formats Sao Paulo without daylight saving, as Belem", () => {
    const summer = at("2018-12-20T15:00:00Z");
    expect(clock("pt-BR", false, "America/Sao_Paulo").hourMinute(summer)).toBe("12:00");
    expect(clock("pt-BR", false, "America/Cuiaba").hourMinute(summer)).toBe("11:00");
  });
});

describe("list times and date markers", () => {
  const now = at("2026-11-21T22:00:00Z");
  it("go from clock to word to weekday to date", () => {
    const pt = clock("pt-BR", false);
    expect(pt.listTime(at("2026-11-21T09:05:00Z"), now)).toBe("09:05");
    expect(pt.listTime(at("2026-11-20T09:05:00Z"), now)).toBe("Ontem");
    expect(pt.listTime(at("2026-11-16T09:05:00Z"), now)).toBe("segunda-feira");
    expect(pt.listTime(at("2026-11-14T09:05:00Z"), now)).toBe("14/11/2026");
    expect(clock("en", true).marker(at("2026-11-21T09:05:00Z"), now)).toBe("Today");
  });

  it("separates thousands as the language does", () => {
    expect(clock("pt-BR", false).number(1227)).toBe("1.227");
    expect(clock("en", true).number(1227)).toBe("1,227");
  });
});
