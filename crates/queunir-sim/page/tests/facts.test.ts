// Every fact of the evidence that is marked A or B is accounted for, in the document and by a test.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const here = (path: string): URL => new URL(path, import.meta.url);
const lines = (path: string): string[] => readFileSync(here(path), "utf8").split("\n").filter(Boolean);

interface Fact {
  number: string;
  mark: string;
  shows: string;
}

const facts: Fact[] = lines("../conformance/facts.tsv")
  .slice(1)
  .map((line) => {
    const [number = "", mark = "", shows = ""] = line.split("\t");
    return { number, mark, shows };
  });
const told = new Map(
  lines("../../../../docs/whatsapp-web-assumptions.md")
    .map((line) => /^\| (\d[\d.]*-\d\d) \| ([A-D]) \| (.+) \| (.+) \|$/.exec(line))
    .filter((match) => match !== null)
    .map(([, number = "", mark = "", , treatment = ""]) => [number, { mark, treatment }]),
);
const tested = new Set(
  ["../conformance/", "./"].flatMap((folder) =>
    readdirSync(here(folder))
      .filter((name) => name.endsWith(".test.ts"))
      .flatMap(
        (name) => readFileSync(here(folder + name), "utf8").match(/(?<=(?:test|it)\("[^"]*?)\b\d[\d.]*-\d\d\b/g) ?? [],
      ),
  ),
);
const owed = lines("../conformance/owed.txt").filter((line) => !line.startsWith("#"));
const firm = facts.filter(({ mark }) => mark === "A" || mark === "B");

describe("the numbered facts", () => {
  it("are many, and each is listed once", () => {
    expect(new Set(facts.map(({ number }) => number)).size).toBe(facts.length);
    expect(firm.length).toBeGreaterThan(130);
  });

  it("are in the document with their mark when they are A or B", () => {
    expect(firm.filter(({ number, mark }) => told.get(number)?.mark !== mark).map(({ number }) => number)).toEqual([]);
  });

  it("are each simulated, assumed, or left out for a reason", () => {
    const vague = [...told].filter(([, { treatment }]) => !/^(simulated|assumed: .|left out: .)/.test(treatment));
    expect(vague.map(([number]) => number)).toEqual([]);
  });

  it("have a test where they are simulated and show on a page, or stand in the list of what is owed", () => {
    const simulated = firm.filter(
      ({ number, shows }) => shows === "page" && told.get(number)?.treatment.startsWith("simulated"),
    );
    const missing = simulated.map(({ number }) => number).filter((number) => !tested.has(number));
    expect(missing.filter((number) => !owed.includes(number))).toEqual([]);
    expect(
      owed.filter((number) => tested.has(number)),
      "owed no more: take it from the list",
    ).toEqual([]);
  });
});
