// Anchors and words: data from `profiles/`, compiled in, replaceable later.

import g2 from "../../profiles/g2.json";
import g3 from "../../profiles/g3.json";
import icons from "../../profiles/icons.json";
import labels from "../../profiles/labels.json";

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

const builtIn: Profile[] = [g3 as unknown as Profile, g2 as unknown as Profile];

/** The profiles in use: given ones before those of the same and of all other generations that are built in. */
export let profiles: Profile[] = builtIn;
let renamed = new Map<string, string>();

/** Uses these profiles besides those that are built in, and none that were given before; data only. */
export function useProfiles(given: Profile[]): void {
  profiles = [...given, ...builtIn.filter((own) => given.every((one) => one.generation !== own.generation))];
  renamed = new Map(given.flatMap((one) => Object.entries(one.icons ?? {})));
}

/** An icon's name as the icon sets have it. */
export function knownIcon(name: string): string {
  return renamed.get(name) ?? name;
}

const iconSets: Record<string, Set<string>> = {};
for (const [name, list] of Object.entries(icons)) {
  if (Array.isArray(list)) iconSets[name] = new Set(list);
}

/** Whether an icon of this name means anything to the reader. */
export function isKnownIcon(name: string): boolean {
  return Object.values(iconSets).some((names) => names.has(name));
}

/** The names of an icon. */
export function iconSet(name: string): Set<string> {
  return iconSets[name] ?? new Set();
}

export const words = {
  archived: labels.archived,
  blocked: labels.blocked,
  call: labels.call,
  deleted: labels.deleted,
  draft: labels.draft,
  encryption: labels.encryption,
  forwarded: labels.forwarded,
  kinds: labels.kinds as Record<string, string[] | undefined>,
  loggedOut: labels.logged_out,
  languages: labels.languages,
  login: labels.login,
  offline: labels.offline,
  passkey: labels.passkey,
  quoted: labels.quoted,
  readMore: labels.read_more,
  typing: labels.typing,
  undecrypted: labels.undecrypted,
  unsupported: labels.unsupported,
  viewOnce: labels.view_once,
  dialogs: labels.dialogs as Record<string, string[] | undefined>,
};

/** Whether a lower-case text contains one of the words. */
export function mentions(text: string, list: string[]): boolean {
  return list.some((word) => text.includes(word));
}
