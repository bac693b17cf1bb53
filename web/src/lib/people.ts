// Names and numbers of people, as shown and as searched.

/** One or two letters that stand for a picture. */
export function initials(name: string): string {
  const words = name
    .split(/\s+/u)
    .map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? "")
    .filter((letter) => letter !== "");
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return (first + last).toLocaleUpperCase() || "#";
}

/** A stable hue for a name or id. */
export function hueOf(seed: string): number {
  let sum = 7;
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  // The golden angle spreads neighbouring sums over the whole circle.
  return Math.round(sum * 137.508) % 360;
}

/** Letters without marks, lower case: "José" is found by "jose". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

const digitsOf = (text: string): string => text.replace(/\D/gu, "");

/** Whether a person is meant by what was typed: part of the name, or digits of the number in any writing. */
export function matchesPerson(typed: string, name: string, phone: string | null | undefined): boolean {
  const wanted = folded(typed.trim());
  if (wanted === "") return true;
  if (folded(name).includes(wanted)) return true;
  const digits = digitsOf(wanted);
  const looksLikeNumber = /^[\d\s()+.-]+$/u.test(wanted);
  return looksLikeNumber && digits !== "" && digitsOf(`${phone ?? ""} ${name}`).includes(digits);
}
