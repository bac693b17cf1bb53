// Telephone numbers as people read them.
import { callingCode } from "#/lib/countries";

/** How a country writes its numbers of a length; digits stand for `0`. */
const forms: Record<string, readonly string[]> = {
  "1": ["000 000-0000"],
  "55": ["00 0000-0000", "00 00000-0000"],
};

/** A number in groups, if it is in the international form; anything else is left as it is. */
export function grouped(number: string): string {
  if (!/^\+\d{6,15}$/.test(number)) return number;
  const code = callingCode(number);
  if (code === "") return number;
  const digits = number.slice(1 + code.length);
  const form = forms[code]?.find((one) => one.replace(/\D/g, "").length === digits.length);
  return `+${code} ${form ? filled(form, digits) : inThrees(digits)}`;
}

function filled(form: string, digits: string): string {
  let place = 0;
  return form.replace(/0/g, () => digits[place++] ?? "");
}

/** Groups of three; the last is of two to four. */
function inThrees(digits: string): string {
  return digits.length < 5 ? digits : `${digits.slice(0, 3)} ${inThrees(digits.slice(3))}`;
}
