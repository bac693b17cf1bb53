// Numbers as people read them.
import { expect, it } from "vitest";
import { grouped } from "#/lib/phone";

it("a number is written as its country writes it, or in threes", () => {
  expect(grouped("+5511955500112")).toBe("+55 11 95550-0112");
  expect(grouped("+552166660001")).toBe("+55 21 6666-0001");
  expect(grouped("+14155550132")).toBe("+1 415 555-0132");
  expect(grouped("+34612345678")).toBe("+34 612 345 678");
  expect(grouped("+4915123456789")).toBe("+49 151 234 567 89");
  expect(grouped("+5215512345678")).toBe("+52 155 123 456 78");
});

it("what is no such number stays as it is", () => {
  for (const text of ["", "Marcos", "+55 11 95550-0112", "5511955500112", "+0001234567", "+55 (11) 9555-00112"])
    expect(grouped(text)).toBe(text);
});
