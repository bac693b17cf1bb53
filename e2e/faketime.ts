// Another time for PostgreSQL, the gateway, the orchestrator and the slices: libfaketime of the distribution, handed to
// them by a `setpriv` in front of the real one. The machine's own clock stays, and so do the simulator's and Chromium's:
// WhatsApp's times are not ours to set.
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder before it is named after the machine's architecture. */
const LIBRARY = readdirSync("/usr/lib")
  .map((folder) => join("/usr/lib", folder, "faketime/libfaketime.so.1"))
  .find((path) => existsSync(path));

export class FakeTime {
  readonly folder = join(tmpdir(), `qn-time-${process.pid}`);
  readonly #offset = join(this.folder, "offset");

  /** Why there is no other time here; empty if there is. */
  static get missing(): string {
    return LIBRARY ? "" : "libfaketime is not installed";
  }

  constructor() {
    mkdirSync(this.folder);
    this.set(0);
    // What is changed is what follows `--`: the library must begin its life under the user that it runs as.
    writeScript(
      join(this.folder, "setpriv"),
      `count=$#
while [ $count -gt 0 ]; do
  argument=$1
  shift
  set -- "$@" "$argument"
  case "$argument:$*" in --:*queunir-sim*) ;; --:*) set -- "$@" env ${this.#variables} ;; esac
  count=$((count - 1))
done
exec /usr/bin/setpriv "$@"`,
    );
  }

  /** For the environment of `queunir up`. */
  get environment(): Record<string, string> {
    return { PATH: `${this.folder}:${process.env.PATH}` };
  }

  /** From now on every slice that is started gets the other time, too; the orchestrator starts them with nothing of ours. */
  wrapSlices(state: string): void {
    const program = join(state, "bin/queunir");
    const real = join(state, "bin/queunir-real");
    renameSync(program, real);
    writeScript(program, `exec env ${this.#variables} ${real} "$@"`);
  }

  /** Sets the clock to so many seconds after (before, if negative) the true time. */
  set(seconds: number): void {
    writeFileSync(`${this.#offset}.new`, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}s\n`);
    // At once, so that nobody reads a half.
    renameSync(`${this.#offset}.new`, this.#offset);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    // What the library left in memory for processes that were killed.
    for (const name of readdirSync("/dev/shm")) {
      const pid = /faketime_(?:sem|shm)_(\d+)$/.exec(name)?.[1];
      if (pid && !existsSync(`/proc/${pid}`)) rmSync(join("/dev/shm", name), { force: true });
    }
  }

  get #variables(): string {
    return (
      `LD_PRELOAD=${LIBRARY} FAKETIME_TIMESTAMP_FILE=${this.#offset} FAKETIME_NO_CACHE=1 ` +
      "FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1"
    );
  }
}

function writeScript(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}
