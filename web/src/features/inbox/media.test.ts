// How files are shown.
import { describe, expect, it } from "vitest";
import type { Media } from "#/api/types";
import { boxOf, fileAddress, lookOf, mayRetry, noteOf } from "#/features/inbox/media";
import { lengthWords, sizeWords } from "#/lib/size";

const media = (more: Partial<Media>): Media => ({ id: "media_00", state: "wanted", ...more });
const file = (content_type: string, more: object = {}): NonNullable<Media["file"]> => ({
  version: "ab12",
  content_type,
  bytes: 1_234_567,
  thumbnail: "none",
  ...more,
});

describe("the look of a file", () => {
  it("follows what it is, never what anybody said", () => {
    const drawn = file("image/jpeg", { thumbnail: "made", width: 400, height: 300 });
    expect(lookOf(media({}), "image")).toBe("loading");
    expect(lookOf(media({ state: "stored", file: drawn }), "image")).toBe("picture");
    expect(lookOf(media({ state: "preview", file: drawn }), "video")).toBe("picture");
    expect(lookOf(media({ file: drawn }), "image")).toBe("picture");
    expect(lookOf(media({ state: "stored", file: file("image/gif", { thumbnail: "failed" }) }), "image")).toBe("file");
    expect(lookOf(media({ state: "stored", file: file("application/octet-stream") }), "image")).toBe("file");
    expect(lookOf(media({ state: "stored", file: file("audio/ogg") }), "voice")).toBe("audio");
    expect(lookOf(media({ state: "not_shown" }), "voice")).toBe("absent");
  });

  it("takes the picture's own shape before it comes", () => {
    const shaped = (width: number, height: number) =>
      boxOf(media({ file: file("image/jpeg", { width, height }) }), "image");
    expect(shaped(3_000, 1_500)).toEqual({ width: 330, height: 165 });
    expect(shaped(40, 80)).toEqual({ width: 200, height: 400 });
    expect(shaped(10, 9_000)).toEqual({ width: 48, height: 400 });
    expect(boxOf(media({}), "image")).toEqual({ width: 330, height: 248 });
    expect(boxOf(media({}), "sticker")).toEqual({ width: 160, height: 160 });
  });

  it("says why a file is not there, and offers another try only where that can help", () => {
    expect(noteOf(media({ state: "stored" }), "image")).toBeNull();
    expect(noteOf(media({ state: "not_shown" }), "voice")).toBe("media.listen");
    expect(noteOf(media({ state: "not_shown" }), "document")).toBe("media.not_shown");
    expect(noteOf(media({ state: "too_large" }), "video")).toBe("media.too_large");
    expect([media({ state: "failed" }), media({ state: "too_large" })].map(mayRetry)).toEqual([true, false]);
    expect(fileAddress(media({ file: file("image/png") }))).toBe("/api/media/media_00?v=ab12");
  });
});

describe("sizes and lengths", () => {
  it("reads as people write them", () => {
    expect([0, 1, 8].map((bytes) => sizeWords(bytes, "en"))).toEqual(["0 bytes", "1 byte", "8 bytes"]);
    expect(sizeWords(120_000, "en")).toBe("120 kB");
    expect(sizeWords(1_234_567, "en")).toBe("1.2 MB");
    expect(sizeWords(1_234_567, "pt-BR").replace(/\s/, " ")).toBe("1,2 MB");
    expect(lengthWords(7)).toBe("0:07");
    expect(lengthWords(3_723)).toBe("1:02:03");
  });
});
