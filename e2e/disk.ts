// A small disk of its own for a state directory, so that it can be filled.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

export class Disk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Mounts one of so many megabytes at `folder`; a sentence says why that cannot be done. */
  static mount(folder: string, megabytes: number): Disk | string {
    if (process.getuid?.() !== 0) return "only root can mount a small disk";
    mkdirSync(folder, { recursive: true });
    const run = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "tmpfs", folder], {
      encoding: "utf8",
    });
    return run.status === 0 ? new Disk(folder) : `a small disk cannot be mounted: ${run.stderr.trim()}`;
  }

  /** Megabytes that are left. */
  left(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return Math.floor((bavail * bsize) / 2 ** 20);
  }

  /** Fills it until so many megabytes are left; none means the last byte. */
  fill(leaving: number): void {
    const file = openSync(join(this.folder, "ballast"), "a");
    const block = Buffer.alloc(2 ** 20);
    try {
      while (this.left() > leaving) writeSync(file, block);
      while (leaving === 0) writeSync(file, block, 0, 512);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Takes the ballast away. */
  free(): void {
    rmSync(join(this.folder, "ballast"), { force: true });
  }

  unmount(): void {
    spawnSync("umount", ["--lazy", this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
