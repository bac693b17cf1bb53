// Numbers as people type them, and the countries they may mean.
import { describe, expect, it } from "vitest";
import { countryNames, international, likelyRegion, numberProblem } from "#/lib/countries";

describe("a number as typed", () => {
  it("gets the chosen country's code", () => {
    expect(international("(11) 98765-4321", "BR")).toBe("+5511987654321");
  });

  it("keeps a code of its own", () => {
    expect(international("+34 612 34 56 78", "BR")).toBe("+34612345678");
    expect(international("0034 612 34 56 78", "BR")).toBe("+34612345678");
  });

  it("is complained of before anybody is asked", () => {
    expect(numberProblem(international("", "BR"))).toBe("required");
    expect(numberProblem(international("11", "BR"))).toBe("wrong_length");
    expect(numberProblem(international("11 98765-4321 98765", "BR"))).toBe("wrong_length");
    expect(numberProblem(international("11 98765-4321", "BR"))).toBeNull();
  });
});

describe("countries", () => {
  it("are named and ordered in the person's language", () => {
    const names = countryNames("es").map((country) => country.name);
    expect(names).toContain("España");
    expect(names.indexOf("Alemania")).toBeLessThan(names.indexOf("Brasil"));
  });

  it("are guessed from the languages, and from the app's own last", () => {
    expect(likelyRegion(["en", "pt-PT"], "en")).toBe("PT");
    expect(likelyRegion(["pt"], "pt-BR")).toBe("BR");
    expect(likelyRegion(["es"], "es")).toBe("ES");
    expect(likelyRegion([], "en")).toBe("US");
  });
});
