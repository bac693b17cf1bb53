// What is made of files that were chosen, dropped or pasted.
import { describe, expect, it, vi } from "vitest";
import { letGo, lookOfChosen, mostFiles, withFiles } from "#/features/inbox/chosen";
import { dropFile, keepFile, localFile, moveFile, noteShare } from "#/features/inbox/localFiles";

const file = (name: string, type = "", bytes = "x"): File => new File([bytes], name, { type });

describe("files before they are sent", () => {
  it("keeps what is not empty, each under a key of its own, up to a limit", () => {
    const one = withFiles([], [file("a.pdf"), file("empty", "", ""), file("a.pdf")]);
    expect(one.map(({ file }) => file.name)).toEqual(["a.pdf", "a.pdf"]);
    expect(new Set(one.map(({ key }) => key)).size).toBe(2);
    const many = withFiles(
      one,
      Array.from({ length: 100 }, (_, n) => file(`${n}.png`)),
    );
    expect(many).toHaveLength(mostFiles);
    expect(many.slice(0, 2)).toEqual(one);
    letGo(many);
  });

  it("shows pictures and films that the browser can draw, and a sign for all else", () => {
    expect(lookOfChosen({ file: file("a.png", "image/png") })).toBe("image");
    expect(lookOfChosen({ file: file("a.mp4", "video/mp4") })).toBe("video");
    for (const type of ["image/svg+xml", "image/heic", "text/html", ""])
      expect(lookOfChosen({ file: file("a", type) })).toBe("file");
  });
});

describe("files on their way to the server", () => {
  it("can be followed, tried again under another key, and let go, which stops them", () => {
    const stop = vi.fn();
    keepFile("k", file("a.pdf"));
    noteShare("k", 0.5, stop);
    expect(localFile("k")?.share).toBe(0.5);
    moveFile("k", "l");
    expect([localFile("k"), localFile("l")?.share]).toEqual([undefined, null]);
    noteShare("l", 0, stop);
    dropFile("l");
    expect([localFile("l"), stop.mock.calls.length]).toEqual([undefined, 1]);
    noteShare("l", 1, null);
    expect(localFile("l")).toBeUndefined();
  });
});
