// Puts each fault into the page and expects the named test to fail: `node --run faults`, or `node --run faults -- PART` for some by a part of their name.
import { spawnSync } from "node:child_process";
import { FAULTS } from "./fault-list.ts";

interface Ran {
  green: string[];
  red: string[];
}

/** Runs one test by its number, with a fault in the page or without. */
function run(file: string, test: string, fault = ""): Ran {
  const args = ["run", "--config", "conformance/vitest.config.ts", file, "-t", `^(${test}) `, "--reporter", "json"];
  const ran = spawnSync("vitest", args, { encoding: "utf8", env: { ...process.env, SIM_FAULT: fault } });
  const report = JSON.parse(ran.stdout.slice(ran.stdout.indexOf("{"))) as {
    testResults: { assertionResults: { status: string; title: string }[] }[];
  };
  const all = report.testResults.flatMap((one) => one.assertionResults);
  const having = (status: string): string[] => all.filter((one) => one.status === status).map(({ title }) => title);
  return { green: having("passed"), red: having("failed") };
}

const wanted = FAULTS.filter(([name]) => name.includes(process.argv[2] ?? ""));
let bad = 0;
for (const [fault, file, test] of wanted) {
  const ran = run(file, test, fault);
  // A test that is red anyway proves nothing, nor does one that is not there.
  const { green } = run(file, test);
  const first = ran.red.find((title) => green.includes(title));
  if (!first) bad += 1;
  console.log(`${first ? "noticed  " : "UNNOTICED"} ${fault} → ${first ?? test}`);
}
console.log(`faults: ${wanted.length} put in, ${bad === 0 ? "each noticed" : `${bad} wrong`}`);
process.exitCode = bad === 0 && wanted.length > 0 ? 0 : 1;
