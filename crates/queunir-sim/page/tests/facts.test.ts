// Every fact of the evidence that is marked A or B is accounted for, in the document and by a test; every fault has its test.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FAULTS } from "../conformance/fault-list.ts";

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

  it("are all simulated and have a test when they are A or B, or stand in the list of what is owed", () => {
    expect(firm.filter(({ shows }) => shows !== "page").map(({ number }) => number)).toEqual([]);
    const left = firm.filter(({ number }) => !told.get(number)?.treatment.startsWith("simulated"));
    expect(left.map(({ number }) => number)).toEqual([]);
    const missing = firm.map(({ number }) => number).filter((number) => !tested.has(number));
    expect(missing.filter((number) => !owed.includes(number))).toEqual([]);
    expect(
      owed.filter((number) => tested.has(number)),
      "owed no more: take it from the list",
    ).toEqual([]);
  });

  it("are tested by nothing that is skipped or expected to fail", () => {
    const sources = readdirSync(here("../conformance/"))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => readFileSync(here(`../conformance/${name}`), "utf8"));
    expect(sources.filter((text) => /\b(?:test|it)\.(?:skip|todo|fails|only)/.test(text))).toEqual([]);
  });
});

describe("the faults that can be put into the page", () => {
  const sources = readdirSync(here("../src/"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(here(`../src/${name}`), "utf8"));
  const inPage = sources.flatMap((text) => text.match(/(?<=faulty\(")[^"]+/g) ?? []);

  it("are those of the list, four for each of the sections 1 to 5 and 9", () => {
    expect(new Set(inPage)).toEqual(new Set(FAULTS.map(([name]) => name)));
    for (const section of ["1", "2", "3", "4", "5", "9"])
      expect(FAULTS.filter(([name]) => name.startsWith(`${section}-`)).length, section).toBeGreaterThanOrEqual(4);
  });

  it("each name a test that is there", () => {
    const absent = FAULTS.filter(([, file, test]) => {
      const text = readFileSync(here(`../conformance/${file}.test.ts`), "utf8");
      return !new RegExp(`test\\("(${test}) `).test(text);
    });
    expect(absent).toEqual([]);
  });
});
