// What was read of the page's rows before, so that a change costs the rows that it touched and not all of them. What
// shows no mutation (a colour that the theme changes, a pane that gets narrower) waits for the next whole read.

import type { Report } from "./anchors";
import { around, every, first } from "./element";

/** A row as it was read, and what that added to the report. */
interface Known {
  value: unknown;
  report: Report;
}

/** On a row, or above the rows, these say where a row stands and not what it says; a row's name is its place. */
const PLACING = ["style", "aria-rowcount"];
const NAMED = "data-testid";
const ROWS = "[data-id], [role=row], [role=listitem]";

export class Memory {
  generation = "";
  private known = new WeakMap<Element, Map<string, Known>>();

  forget(): void {
    this.known = new WeakMap();
  }

  /** What is known of an element; `kind` tells different reads of one element apart. */
  of(kind: string, element: Element, read: () => Known): Known {
    let all = this.known.get(element);
    if (!all) {
      all = new Map();
      this.known.set(element, all);
    }
    const found = all.get(kind) ?? read();
    all.set(kind, found);
    return found;
  }

  /** Forgets the rows that a change may concern: those around it, those beside it in one wrapper, or all below it. */
  touched(element: Element, attribute?: string | null): void {
    const host = around(element, "[role=row]");
    const placed = attribute && PLACING.includes(attribute);
    if (element === host && (placed || attribute === NAMED)) return;
    if (placed && !around(element, ROWS)) return;
    for (let node: Element | null = element; node; node = node.parentElement) this.known.delete(node);
    if (host) for (const row of every(host, "[data-id]")) this.known.delete(row);
    else if (attribute && first(element, ROWS)) this.forget();
  }
}
