// How large a file is and how long a sound, in the reader's language.
import type { Locale } from "#/lib/words";

const steps = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `512 bytes`, `1.2 MB`: steps of a thousand, as WhatsApp and phones count. */
export function sizeWords(bytes: number, locale: Locale): string {
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: steps[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 && value < 10 ? 1 : 0,
  }).format(value);
}

/** `0:07`, `1:02:03`. */
export function lengthWords(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const rest = two(Math.floor(seconds % 60));
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}
