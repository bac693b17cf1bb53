// No switch of the control API without a test that says what is seen and what the ledger has.
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.end());

/** Every test of the trouble files, from its title to its end. */
const tests = readdirSync(import.meta.dirname)
  .filter((name) => /^trouble-.*\.test\.ts$/.test(name) && name !== "trouble-all.test.ts")
  .flatMap((name) =>
    readFileSync(`${import.meta.dirname}/${name}`, "utf8")
      .split(/^ *test\(/m)
      .slice(1),
  );
const title = (one: string): string => one.slice(0, one.indexOf("=>"));

test("every switch has a test by its name", async () => {
  const { components } = await stage.get<{
    components: { schemas: Record<string, { properties: Record<string, unknown> }> };
  }>("openapi.json");
  const switches = Object.entries({ Trouble: "trouble", Disturbance: "disturb", Look: "look" }).flatMap(
    ([schema, prefix]) => Object.keys(components.schemas[schema]?.properties ?? {}).map((name) => `${prefix}.${name}`),
  );
  expect(switches.length).toBeGreaterThan(25);
  const titles = tests.map((one) => title(one)).join("\n");
  const missing = switches.filter((name) => !new RegExp(`${name}\\b`).test(titles));
  expect(missing).toEqual([]);
});

test("every one of these tests asks the page and the ledger", () => {
  expect(tests.length).toBeGreaterThan(30);
  const body = (one: string): string => one.slice(one.indexOf("=>"));
  const silent = tests.filter(
    (one) => !/\btruth\.|new Truth\(/i.test(body(one)) || !/\b(?:page|chat|other)\b/.test(body(one)),
  );
  expect(silent.map((one) => title(one))).toEqual([]);
});
