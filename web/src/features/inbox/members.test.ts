import { describe, expect, it } from "vitest";
import { countOf, nameOf } from "#/features/inbox/members";

describe("members", () => {
  it("are all only where their number says so", () => {
    expect(countOf(3, 3)).toBe("all");
    expect(countOf(8, 23)).toBe("some");
    expect(countOf(8, null)).toBe("unknown");
    expect(countOf(8, 5)).toBe("unknown");
  });

  it("are called by the saved name, then the number, then the name of their own", () => {
    const stranger = { push_name: "Zé", phone: "+5511910000009", admin: false };
    expect(nameOf({ ...stranger, name: "José" })).toEqual({ title: "José", isNumber: false });
    expect(nameOf(stranger)).toEqual({ title: "+55 11 91000-0009", isNumber: true });
    expect(nameOf({ push_name: "Zé", admin: false })).toEqual({ title: "~Zé", isNumber: false });
  });
});
