// Finds fields by their ordered anchors and keeps the report on which family hit.

import { type Accept, attr, every } from "./element";
import { forgetIcons } from "./icons";
import type { Memory } from "./memory";
import { find, findAll } from "./page";
import { type Anchor, newest, type Profile, profiles } from "./profile";

/** How often something was found, and how often it was missed where it belongs. */
export type Tally = [found: number, missed: number];

export interface Report {
  generation: string;
  rows_seen: number;
  rows_read: number;
  anchors: Record<string, string>;
  empty: Record<string, number>;
  /** By field, and by field and family for the anchors of the page's own generation. */
  tallies: Record<string, Tally>;
  alarm: boolean;
}

export function blank(generation: string): Report {
  return { generation, rows_seen: 0, rows_read: 0, anchors: {}, empty: {}, tallies: {}, alarm: false };
}

/** Adds a part to a report. */
export function add(whole: Report, part: Report): Report {
  whole.rows_seen += part.rows_seen;
  whole.rows_read += part.rows_read;
  whole.alarm ||= part.alarm;
  for (const field in part.anchors) whole.anchors[field] ??= part.anchors[field] as string;
  for (const field in part.empty) whole.empty[field] = (whole.empty[field] ?? 0) + (part.empty[field] ?? 0);
  for (const name in part.tallies) {
    const [found, missed] = part.tallies[name] as Tally;
    const sum = whole.tallies[name] ?? [0, 0];
    whole.tallies[name] = [sum[0] + found, sum[1] + missed];
  }
  return whole;
}

/** The markup generation by the profiles' own marks. */
export function generation(): string {
  for (const profile of profiles) {
    if (profile.detect.some((selector) => find(selector) !== null)) return profile.generation;
  }
  return "unknown";
}

/** An anchor, and whether the page's own generation is expected to have it. */
type Known = [anchor: Anchor, own: boolean];

/** One read: looks fields up and counts. */
export class Reading {
  report: Report;
  private readonly order: Profile[];
  private readonly cache = new Map<string, Known[]>();

  constructor(private readonly memory?: Memory) {
    const name = generation();
    forgetIcons();
    if (memory && memory.generation !== name) memory.forget();
    if (memory) memory.generation = name;
    // What is missed on a page that nobody has seen is what the newest page that is known has, whatever was given besides.
    const own = name === "unknown" ? newest : name;
    this.order = [...profiles].sort((a, b) => Number(b.generation === own) - Number(a.generation === own));
    this.report = blank(name);
  }

  /** What `read` makes of an element, or made of it before if it is known that nothing has changed since. */
  once<T>(kind: string, element: Element, read: () => T): T {
    if (!this.memory) return read();
    const whole = this.report;
    const known = this.memory.of(kind, element, () => {
      this.report = blank(whole.generation);
      try {
        return { value: read(), report: this.report };
      } finally {
        this.report = whole;
      }
    });
    add(whole, known.report);
    return known.value as T;
  }

  private anchors(field: string): Known[] {
    let anchors = this.cache.get(field);
    if (!anchors) {
      anchors = this.order.flatMap((profile, place) =>
        (profile.fields[field] ?? []).map((anchor): Known => [anchor, place === 0]),
      );
      this.cache.set(field, anchors);
    }
    return anchors;
  }

  private hit(field: string, family: string): void {
    this.report.anchors[field] ??= family;
  }

  /** First element for a field that `accept` takes. */
  one(field: string, scope?: Element | null, accept?: Accept): Element | null {
    return this.look(field, scope, accept, false);
  }

  /** The same for what belongs here: each family of the page's own generation that does not find it is counted. */
  must(field: string, scope?: Element | null, accept?: Accept): Element | null {
    return this.look(field, scope, accept, true);
  }

  /** Whether the page's own generation has anchors for a field at all. */
  expects(field: string): boolean {
    return this.anchors(field).some(([, own]) => own);
  }

  private look(
    field: string,
    scope: Element | null | undefined,
    accept: Accept = () => true,
    expected: boolean,
  ): Element | null {
    if (scope === null) return null;
    const silent = new Set<string>();
    for (const [[family, selector], own] of this.anchors(field)) {
      const element = select(selector, scope).find(accept);
      if (!element) {
        if (own) silent.add(family);
        continue;
      }
      this.hit(field, family);
      if (own) silent.delete(family);
      if (expected) this.tally(field, true, own ? [family] : [], silent);
      else if (own) this.tally(`${field}:${family}`, true);
      return element;
    }
    if (expected) this.tally(field, false, [], silent);
    return null;
  }

  /** Counts a find or a miss, and those of the families that were asked. */
  tally(name: string, found: boolean, spoke: Iterable<string> = [], silent: Iterable<string> = []): void {
    this.report.tallies[name] ??= [0, 0];
    this.report.tallies[name][found ? 0 : 1] += 1;
    for (const family of spoke) this.tally(`${name}:${family}`, true);
    for (const family of silent) this.tally(`${name}:${family}`, false);
  }

  /** All elements for the first anchor that finds any. */
  all(field: string, scope?: Element | null, accept: Accept = () => true): Element[] {
    if (scope === null) return [];
    for (const [[family, selector]] of this.anchors(field)) {
      const found = select(selector, scope).filter(accept);
      if (found.length > 0) {
        this.hit(field, family);
        return found;
      }
    }
    return [];
  }

  /** Whether a field is there. */
  has(field: string, scope?: Element | null): boolean {
    return this.one(field, scope) !== null;
  }

  /** The attribute that a field's anchor names. */
  attribute(field: string, scope?: Element | null): string | undefined {
    for (const [[family, selector, attribute]] of this.anchors(field)) {
      const found = attribute && select(selector, scope).find((element) => element.hasAttribute(attribute));
      if (!found) continue;
      this.hit(field, family);
      return attr(found, attribute);
    }
    return undefined;
  }

  /** Counts a field that should not be empty. */
  missing(field: string): void {
    this.report.empty[field] = (this.report.empty[field] ?? 0) + 1;
    this.report.anchors[field] ??= "none";
  }

  /** Notes a family found without an anchor. */
  found(field: string, family: string): void {
    this.hit(field, family);
  }
}

function select(selector: string, scope?: Element | null): Element[] {
  try {
    return scope ? every(scope, selector) : findAll(selector);
  } catch {
    return [];
  }
}
