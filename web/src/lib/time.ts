// Times in the words of the viewer's language and zone.

const dayMs = 86_400_000;

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

/** Whole calendar days from `at` to `now` in the viewer's zone; rounding absorbs daylight saving. */
export function daysAgo(at: number, now: number): number {
  return Math.round((startOfDay(new Date(now)) - startOfDay(new Date(at))) / dayMs);
}

function capital(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

function relativeDay(days: number, locale: string): string {
  return capital(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day"), locale);
}

/** Hours and minutes, as the language writes them. */
export function clockTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(at);
}

/** As a chat list shows it: the time today, then "Yesterday", a weekday, a date. */
export function listTime(at: number, now: number, locale: string): string {
  const days = daysAgo(at, now);
  if (days <= 0) return clockTime(at, locale);
  if (days === 1) return relativeDay(1, locale);
  if (days < 7) return capital(new Intl.DateTimeFormat(locale, { weekday: "short" }).format(at), locale);
  return new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "2-digit" }).format(at);
}

/** Day and time, short: `21 Nov, 14:02`; the year where it is another one. */
export function shortMoment(at: number, locale: string): string {
  const sameYear = new Date(at).getFullYear() === new Date().getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    ...year,
  }).format(at);
}

/** A day as the separator between messages names it. */
export function dayName(at: number, now: number, locale: string): string {
  const days = daysAgo(at, now);
  if (days === 0 || days === 1) return relativeDay(days, locale);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return capital(
    new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...year }).format(at),
    locale,
  );
}

/** Day and time in full, for titles. */
export function fullTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(at);
}

/** Day and time, short. */
export function shortTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" }).format(at);
}

/** The calendar day in the viewer's zone, as a key. */
export function dayKey(at: number): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`;
}

/** Passed time as `m:ss`, never negative. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Milliseconds of an RFC 3339 text; null when absent or unreadable. */
export function moment(text: string | null | undefined): number | null {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
