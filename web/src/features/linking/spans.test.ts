// Times without a connection, in the language and the zone of whoever reads them.
import { describe, expect, it } from "vitest";
import { spanReason, spanTimes } from "#/features/linking/spans";

const say = (id: string, values?: Record<string, unknown>): string => `${id} ${values?.time}`;
const local = (day: number, hour: number, minute: number): string =>
  new Date(2026, 10, day, hour, minute).toISOString();

describe("a time without a connection", () => {
  it("is told by day and clock, in the language", () => {
    const span = { began_at: local(21, 14, 2), ended_at: local(21, 14, 20) };
    expect(spanTimes(say, span, "pt-BR")).toMatch(/^21 de nov\., 14:02–14:20$/);
    expect(spanTimes(say, span, "en")).toMatch(/^Nov 21, 2:02\sPM–2:20\sPM$/);
  });

  it("names the second day where it is another one", () => {
    expect(spanTimes(say, { began_at: local(21, 23, 50), ended_at: local(22, 0, 10) }, "es")).toMatch(
      /^21 nov,? 23:50–22 nov,? 0:10$/,
    );
  });

  it("says since when it lasts", () => {
    expect(spanTimes(say, { began_at: local(21, 14, 2) }, "pt-BR")).toMatch(/^span\.since 21 de nov/);
  });

  it("has words for reasons that nobody has heard of", () => {
    expect(spanReason("something_new")).toBe("span_reason.unknown");
  });
});
