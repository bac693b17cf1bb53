// Stops a slice at a named place of a send, so that it can be ended exactly there (crates/queunir-whatsapp/src/hold.rs).
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./account.ts";
import type { Service } from "./service.ts";

/** The places, in the order in which a send passes them. */
export type Place =
  | "before_typing"
  | "typing"
  | "composed"
  | "intending"
  | "intended"
  | "enter_down"
  | "pressed"
  | "bubble"
  | "binding";

/** The first slice's places. */
export class Holds {
  readonly #folder: string;

  constructor(service: Service) {
    this.#folder = join(service.state, "slices/1/holds");
    mkdirSync(this.#folder, { recursive: true });
    // The slice has a user of its own.
    chmodSync(this.#folder, 0o777);
  }

  /** The next send to come by stops there. */
  put(place: Place): void {
    writeFileSync(join(this.#folder, place), "");
  }

  /** Waits until a send stands there. */
  async reached(place: Place): Promise<void> {
    await until(`a send at ${place}`, async () => existsSync(this.#reached(place)) || undefined, 120);
  }

  /** Lets it go on, if it still lives. */
  release(place: Place): void {
    rmSync(this.#reached(place), { force: true });
  }

  /** Holds nothing any more. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder);
    chmodSync(this.#folder, 0o777);
  }

  #reached(place: Place): string {
    return join(this.#folder, `${place}.reached`);
  }
}
