// Which browsers the page accepts: plain Chrome, Firefox, Safari, Edge and Opera; any other product token is refused.

const PRODUCTS = new Set([
  "Mozilla",
  "AppleWebKit",
  "Chrome",
  "Safari",
  "Version",
  "Gecko",
  "Firefox",
  "Edg",
  "OPR",
  "Mobile",
]);
const BRANDS = /^(Google Chrome|Chromium|Microsoft Edge|Opera|.*Not.?A.?Brand.*|.*Not.*Brand.*)$/i;
const OLDEST_CHROME = 100;

interface BrandHint {
  brand: string;
  version: string;
}

/** Whether this browser may use the page. */
export function isSupported(userAgent: string, brands: readonly BrandHint[]): boolean {
  const withoutComments = userAgent.replace(/\([^)]*\)/g, " ");
  for (const token of withoutComments.split(/\s+/).filter(Boolean)) {
    const product = token.split("/")[0] ?? "";
    if (!PRODUCTS.has(product)) return false;
  }
  const chrome = /Chrome\/(\d+)/.exec(withoutComments);
  if (chrome && Number(chrome[1]) < OLDEST_CHROME) return false;
  return brands.every(({ brand }) => BRANDS.test(brand));
}

/** The client hints of this browser; empty where there are none. */
export function brandHints(): BrandHint[] {
  const data = (navigator as Navigator & { userAgentData?: { brands?: BrandHint[] } }).userAgentData;
  return data?.brands ?? [];
}
