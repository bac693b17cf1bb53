// What the kernel counts for processes: CPU time and memory.
import { readdirSync, readFileSync } from "node:fs";

/** Length of a clock tick of `/proc/PID/stat`; the same on every Linux that Node runs on. */
const TICK_MS = 10;

/** CPU time that each process has used, user and system, in ms. A process that is gone has none. */
export function cpuMs(pids) {
  return new Map(pids.map((pid) => [pid, TICK_MS * (field(pid, 11) + field(pid, 12))]));
}

/** CPU time used by `after`'s processes since `before`, in ms. */
export function cpuSince(before, after) {
  return [...after].reduce((sum, [pid, used]) => sum + used - (before.get(pid) ?? 0), 0);
}

/** Memory of processes in MB (10^6 bytes): `Pss` shares what is shared, `Rss` counts it for each of them. */
export function memoryMb(pids, kind = "Pss") {
  return pids.reduce((sum, pid) => sum + (1024 * kilobytes(pid, kind)) / 1e6, 0);
}

/** The process and everything that it started. */
export function tree(root) {
  const parents = new Map(
    readdirSync("/proc")
      .map(Number)
      .filter(Number.isInteger)
      .map((pid) => [pid, field(pid, 1)]),
  );
  const found = new Set([root]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** A field of `/proc/PID/stat`, counted from 0 behind the name; 0 if the process is gone. */
function field(pid, index) {
  const text = read(`/proc/${pid}/stat`);
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[index] ?? 0);
}

function kilobytes(pid, kind) {
  return Number(new RegExp(`^${kind}:\\s+(\\d+)`, "m").exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // It has ended. That a living process may not be looked at is no reason to count nothing.
    if (error.code === "ENOENT" || error.code === "ESRCH") return "";
    throw error;
  }
}
