// Load from wrk: one thread, so that it takes little of a small machine; it is never the slowest part.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const CONNECTIONS = 32;
const UNIT_MS = { us: 1e-3, ms: 1, s: 1e3 };

/** Asks for `url` as fast as it is answered. An answer other than 2xx or 3xx is an error: it would be a cheap one. */
export async function load(url, { headers = {}, seconds }) {
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const { stdout } = await promisify(execFile)("wrk", [
    ...["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency"],
    ...given,
    url,
  ]);
  const failed = /Non-2xx.*|Socket errors.*/.exec(stdout);
  if (failed) throw new Error(`${url}: ${failed[0]}`);
  const [, p99, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99: Number(p99) * UNIT_MS[unit],
  };
}
