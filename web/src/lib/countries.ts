// Countries with their calling codes, and numbers as people type them.

/** Region and calling code; regions that share a code are told apart by the person, not by us. */
const table =
  "AF93 AL355 DZ213 AS1 AD376 AO244 AI1 AG1 AR54 AM374 AW297 AU61 AT43 AZ994 BS1 BH973 BD880 BB1 BY375 BE32 BZ501 BJ229 BM1 BT975 BO591 BA387 BW267 BR55 VG1 BN673 BG359 BF226 BI257 KH855 CM237 CA1 CV238 KY1 CF236 TD235 CL56 CN86 CO57 KM269 CG242 CD243 CK682 CR506 CI225 HR385 CU53 CW599 CY357 CZ420 DK45 DJ253 DM1 DO1 EC593 EG20 SV503 GQ240 ER291 EE372 SZ268 ET251 FK500 FO298 FJ679 FI358 FR33 GF594 PF689 GA241 GM220 GE995 DE49 GH233 GI350 GR30 GL299 GD1 GP590 GU1 GT502 GG44 GN224 GW245 GY592 HT509 HN504 HK852 HU36 IS354 IN91 ID62 IR98 IQ964 IE353 IM44 IL972 IT39 JM1 JP81 JE44 JO962 KZ7 KE254 KI686 XK383 KW965 KG996 LA856 LV371 LB961 LS266 LR231 LY218 LI423 LT370 LU352 MO853 MG261 MW265 MY60 MV960 ML223 MT356 MH692 MQ596 MR222 MU230 YT262 MX52 FM691 MD373 MC377 MN976 ME382 MS1 MA212 MZ258 MM95 NA264 NR674 NP977 NL31 NC687 NZ64 NI505 NE227 NG234 NU683 KP850 MK389 MP1 NO47 OM968 PK92 PW680 PS970 PA507 PG675 PY595 PE51 PH63 PL48 PT351 PR1 QA974 RE262 RO40 RU7 RW250 WS685 SM378 ST239 SA966 SN221 RS381 SC248 SL232 SG65 SX1 SK421 SI386 SB677 SO252 ZA27 KR82 SS211 ES34 LK94 SH290 KN1 LC1 PM508 VC1 SD249 SR597 SE46 CH41 SY963 TW886 TJ992 TZ255 TH66 TL670 TG228 TK690 TO676 TT1 TN216 TR90 TM993 TC1 TV688 UG256 UA380 AE971 GB44 US1 UY598 UZ998 VU678 VA39 VE58 VN84 VI1 WF681 YE967 ZM260 ZW263";

export interface Country {
  region: string;
  code: string;
}

const countries: readonly Country[] = table
  .split(" ")
  .map((entry) => ({ region: entry.slice(0, 2), code: entry.slice(2) }));

/** All countries with their names in a language, in its order. */
export function countryNames(locale: string): (Country & { name: string })[] {
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const order = new Intl.Collator(locale);
  return countries
    .map((country) => ({ ...country, name: names.of(country.region) ?? country.region }))
    .sort((one, other) => order.compare(one.name, other.name));
}

/** The country that a person most likely means, by the regions of their languages, then by the app's own language. */
export function likelyRegion(languages: readonly string[], locale: string): string {
  for (const tag of [...languages, locale]) {
    const region = tag.split("-")[1]?.toUpperCase();
    if (region && countries.some((country) => country.region === region)) return region;
  }
  return { "pt-BR": "BR", es: "ES" }[locale] ?? "US";
}

/** What was typed, in the international form; a number that has its own plus sign keeps its own country. */
export function international(typed: string, region: string): string {
  const text = typed.trim();
  const digits = text.replace(/\D/g, "");
  if (text.startsWith("+")) return `+${digits}`;
  if (text.startsWith("00")) return `+${digits.slice(2)}`;
  const code = countries.find((country) => country.region === region)?.code ?? "";
  return `+${code}${digits}`;
}

/** The calling code that a number in the international form begins with; empty if it is nobody's. */
export function callingCode(number: string): string {
  const codes = countries.map((country) => country.code).filter((code) => number.startsWith(`+${code}`));
  return codes.sort((one, other) => other.length - one.length)[0] ?? "";
}

/** What is wrong with a number before anybody is asked: `required`, `wrong_length`, or null. */
export function numberProblem(number: string): "required" | "wrong_length" | null {
  const digits = number.length - 1;
  const national = digits - callingCode(number).length;
  if (national === 0) return "required";
  return national < 4 || digits > 15 ? "wrong_length" : null;
}
