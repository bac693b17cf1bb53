// The app's language: which one is chosen, and the hook that speaks it.
import { i18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import { useCallback } from "react";
import { read, write } from "#/lib/storage";

export const locales = ["en", "pt-BR", "es"] as const;
export type Locale = (typeof locales)[number];

/** Each language in its own words. */
export const localeNames: Record<Locale, string> = { en: "English", "pt-BR": "Português (Brasil)", es: "Español" };

const catalogues = {
  en: () => import("#/locales/en.po"),
  "pt-BR": () => import("#/locales/pt-BR.po"),
  es: () => import("#/locales/es.po"),
} satisfies Record<Locale, () => Promise<unknown>>;

const key = "queunir.locale";

/** The first of the person's languages that we speak; English otherwise. */
export function closestLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    const found = locales.find((locale) => locale.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

/** Saved choice, else the browser's language. */
export function startLocale(): Locale {
  const saved = read(key);
  return locales.find((locale) => locale === saved) ?? closestLocale(navigator.languages);
}

/** Loads a catalogue and speaks it from now on. */
export async function speak(locale: Locale): Promise<void> {
  const { messages } = await catalogues[locale]();
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
}

/** Remembers an explicit choice and speaks it. */
export async function chooseLocale(locale: Locale): Promise<void> {
  write(key, locale);
  await speak(locale);
}

/** Speaks the account's language where this browser was never told another. */
export async function followAccount(locale: string): Promise<void> {
  const known = locales.find((one) => one === locale);
  if (known && read(key) === null && document.documentElement.lang !== known) await speak(known);
}

export type Values = Record<string, string | number>;
export type Say = (id: string, values?: Values) => string;

/** `const say = useWords(); say("inbox.search")`. */
export function useWords(): Say {
  const { i18n: spoken } = useLingui();
  return useCallback((id, values) => spoken._(id, values), [spoken]);
}

/** The language now spoken, for dates and numbers. */
export function useLocale(): Locale {
  const { i18n: spoken } = useLingui();
  return locales.find((locale) => locale === spoken.locale) ?? "en";
}
