// How the page writes times and days: by UI language, hour style and the browser's zone, with WhatsApp's own remapping of some zones.
import type { Texts } from "./texts.ts";

/** Zones that the page replaces by neighbours without daylight saving. */
const REMAPPED: Record<string, string> = {
  "America/Sao_Paulo": "America/Belem",
  "America/Campo_Grande": "America/Porto_Velho",
  "America/Cuiaba": "America/Porto_Velho",
};

const DAY_MS = 86_400_000;
/** No zone is off by less, so all moments of one quarter share their day. */
const QUARTER_MS = 900_000;

export class Clock {
  private readonly time: Intl.DateTimeFormat;
  private readonly date: Intl.DateTimeFormat;
  private readonly weekday: Intl.DateTimeFormat;
  private readonly calendar: Intl.DateTimeFormat;
  private readonly count: Intl.NumberFormat;
  private readonly days = new Map<number, number>();

  constructor(
    private readonly texts: Texts,
    hour12: boolean,
    zone: string | null,
  ) {
    const browserZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const timeZone = REMAPPED[browserZone] ?? browserZone;
    this.time = new Intl.DateTimeFormat(texts.intl, {
      ...hours(texts.intl, hour12),
      minute: "2-digit",
      timeZone,
    });
    this.date = new Intl.DateTimeFormat(texts.intl, {
      year: "numeric",
      month: "numeric",
      day: "numeric",
      timeZone,
    });
    this.weekday = new Intl.DateTimeFormat(texts.intl, { weekday: "long", timeZone });
    this.calendar = new Intl.DateTimeFormat("en-CA", {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      timeZone,
    });
    this.count = new Intl.NumberFormat(texts.intl, { useGrouping: true });
  }

  /** `15:06` or `3:06 PM`. */
  hourMinute(at: number): string {
    return this.time.format(at);
  }

  /** Numeric date of the language. */
  numericDate(at: number): string {
    if (this.texts.lang !== "zh-CN") return this.date.format(at);
    const [year, month, day] = this.calendar.format(at).split("-").map(Number);
    return `${year}年${month}月${day}日`;
  }

  /** Number of the day, to tell apart and subtract days. */
  day(at: number): number {
    const quarter = Math.floor(at / QUARTER_MS);
    const known = this.days.get(quarter);
    if (known !== undefined) return known;
    const day = Math.round(Date.parse(`${this.calendar.format(at)}T00:00:00Z`) / DAY_MS);
    this.days.set(quarter, day);
    return day;
  }

  /** The time column of the chat list. */
  listTime(at: number, now: number): string {
    return this.day(at) === this.day(now)
      ? this.hourMinute(at)
      : this.marker(at, now, this.texts.conversation.yesterday);
  }

  /** The text of a date marker. */
  marker(at: number, now: number, yesterday = this.texts.conversation.yesterday): string {
    const age = this.day(now) - this.day(at);
    if (age === 0) return this.texts.conversation.today;
    if (age === 1) return yesterday;
    if (age > 1 && age < 7) return this.weekday.format(at);
    return this.numericDate(at);
  }

  /** `data-pre-plain-text` without its closing `<name>: `. */
  prePlain(at: number, name: string): string {
    return `[${this.hourMinute(at)}, ${this.numericDate(at)}] ${name}: `;
  }

  /** When somebody was last seen. */
  lastSeen(at: number, now: number): string {
    const day = this.marker(at, now).toLocaleLowerCase(this.texts.intl);
    return this.texts.header.lastSeen(`${day} ${this.texts.header.at} ${this.hourMinute(at)}`.replace("  ", " "));
  }

  /** A count with the thousands separators of the language. */
  number(count: number): string {
    return this.count.format(count);
  }
}

/** The language's own writing of an hour: padded in 24 hour style, except in Spanish. */
function hours(intl: string, hour12: boolean): Intl.DateTimeFormatOptions {
  if (hour12) return { hour: "numeric", hour12: true };
  return { hour: intl.startsWith("es") ? "numeric" : "2-digit", hourCycle: "h23" };
}
