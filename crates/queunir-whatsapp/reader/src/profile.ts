// Anchors and words: data from `profiles/` that comes beside this script (`page/script.rs`), replaceable while it runs.

import type labels from "../../profiles/labels.json";

/** Family, selector, and for values the attribute to read. */
export type Anchor = [family: string, select: string, attribute?: string];

export interface Profile {
  version: number;
  generation: string;
  detect: string[];
  fields: Record<string, Anchor[] | undefined>;
  /** What this generation calls icons that are known under another name. */
  icons?: Record<string, string>;
}

type Lists = Record<string, string[] | undefined>;

/** What was checked and put beside the script before it began. */
interface Beside {
  builtIn: Profile[];
  given: Profile[];
  icons: Lists;
  words: Omit<typeof labels, "kinds" | "dialogs"> & { kinds: Lists; dialogs: Lists };
}

const beside = (globalThis as unknown as { __qnBeside: Beside }).__qnBeside;

/** Words of the page per meaning, lower case. */
export const words = beside.words;

/** The newest generation that is built in. */
export const newest = beside.builtIn[0]?.generation;

/** The profiles in use: given ones before those of the same and of all other generations that are built in. */
export let profiles: Profile[];
let renamed: Map<string, string>;

/** Uses these profiles besides those that are built in, and none that were given before; data only. */
export function useProfiles(given: Profile[]): void {
  profiles = [...given, ...beside.builtIn.filter((own) => given.every((one) => one.generation !== own.generation))];
  renamed = new Map(given.flatMap((one) => Object.entries(one.icons ?? {})));
}

useProfiles(beside.given);

/** An icon's name as the icon sets have it. */
export function knownIcon(name: string): string {
  return renamed.get(name) ?? name;
}

const iconSets = new Map(Object.entries(beside.icons).map(([name, list]) => [name, new Set(list)]));

/** Whether an icon of this name means anything to the reader. */
export function isKnownIcon(name: string): boolean {
  return [...iconSets.values()].some((names) => names.has(name));
}

/** The names of an icon. */
export function iconSet(name: string): Set<string> {
  return iconSets.get(name) ?? new Set();
}

/** Whether a lower-case text contains one of the words. */
export function mentions(text: string, list: string[]): boolean {
  return list.some((word) => text.includes(word));
}
