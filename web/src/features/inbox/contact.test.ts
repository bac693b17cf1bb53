import { describe, expect, it } from "vitest";
import type { Fact } from "#/api/types";
import { knownOf, linkOf } from "#/features/inbox/contact";

const fact = (source: Fact["source"], value: string, day: number): Fact => ({
  kind: "phone",
  source,
  value,
  since: `2026-11-0${day}T10:00:00Z`,
});

describe("what is known", () => {
  it("is one value with all its sources, since the first of them", () => {
    const known = knownOf([fact("panel", "+1", 3), fact("title", "+1", 1), fact("composer", "+2", 2)], "phone");
    expect(known).toEqual([
      { value: "+1", sources: ["panel", "title"], since: "2026-11-01T10:00:00Z" },
      { value: "+2", sources: ["composer"], since: "2026-11-02T10:00:00Z" },
    ]);
    expect(knownOf([fact("panel", "+1", 3)], "about")).toEqual([]);
  });

  it("is followed only where it leads to a site or a mailbox", () => {
    expect(linkOf("website", "https://b.example/")).toBe("https://b.example/");
    expect(linkOf("website", "b.example")).toBe("https://b.example/");
    expect(linkOf("website", "javascript:alert(1)")).toBeNull();
    expect(linkOf("website", "data:text/html,x")).toBeNull();
    expect(linkOf("email", "a@b.example")).toBe("mailto:a@b.example");
    expect(linkOf("email", "a@b?subject=x")).toBeNull();
    expect(linkOf("about", "https://b.example/")).toBeNull();
  });
});
