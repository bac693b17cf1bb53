// Prints a comparison and writes it to bench/out as `architecture` describes: ours and the peer's from the same run.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

/** What else the machine did when the program began. */
const LOAD = loadavg()[0].toFixed(1);
const BUILD = (process.env.QN_TEST_BIN ?? "").endsWith("release") ? "release" : "development";

/**
 * `spread` says how far the rounds lay apart.
 * @param {{name: string, ours: number, peer: number, peer_name: string, unit: string, wanted: string, holds: boolean, spread?: string}[]} figures
 */
export function report(name, figures) {
  const machine = `${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${LOAD}, ${BUILD} build`;
  const rows = figures.map((figure) => ({ ...figure, ratio: Number((figure.ours / figure.peer).toFixed(3)) }));
  console.log(`\n${name} on ${machine}`);
  for (const row of rows) {
    const mark = row.holds ? "holds" : "FAILS";
    console.log(
      `  ${row.name.padEnd(34)} ${fixed(row.ours)} ${row.unit}   ${row.peer_name}: ${fixed(row.peer)} ${row.unit}   ratio ${row.ratio}${row.spread ? ` (${row.spread})` : ""}   wanted ${row.wanted}: ${mark}`,
    );
  }
  const out = new URL("out/", import.meta.url);
  mkdirSync(out, { recursive: true });
  writeFileSync(new URL(`${name}.json`, out), `${JSON.stringify({ name, machine, figures: rows }, null, 2)}\n`);
}

/** The value below which `share` of the samples lie. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

function fixed(value) {
  return (value < 100 ? value.toFixed(1) : String(Math.round(value))).padStart(7);
}
