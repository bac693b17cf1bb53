// Which browsers the page lets in.
import { describe, expect, it } from "vitest";
import { isSupported } from "../src/browser.ts";

const chrome = (version: string, tail = ""): string =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36${tail}`;

describe("the browser check", () => {
  it("accepts plain browsers", () => {
    expect(
      isSupported(chrome("156.0.0.0"), [
        { brand: "Chromium", version: "156" },
        { brand: "Not)A;Brand", version: "24" },
        { brand: "Google Chrome", version: "156" },
      ]),
    ).toBe(true);
    expect(isSupported("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", [])).toBe(true);
  });

  it("refuses unknown product tokens in agent or hints, and old versions", () => {
    expect(isSupported(chrome("156.0.0.0").replace("Chrome/", "HeadlessChrome/"), [])).toBe(false);
    expect(isSupported(chrome("156.0.0.0", " Electron/40.0"), [])).toBe(false);
    expect(isSupported(`WhatsApp/2.3000 ${chrome("156.0.0.0")}`, [])).toBe(false);
    expect(isSupported(chrome("156.0.0.0"), [{ brand: "HeadlessChrome", version: "156" }])).toBe(false);
    expect(isSupported(chrome("85.0.0.0"), [])).toBe(false);
  });
});
