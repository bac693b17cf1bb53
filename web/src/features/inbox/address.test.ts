import { expect, test } from "vitest";
import { inboxAddress, listAddress, shelfShown } from "#/features/inbox/address";

test("an address holds what is ours and nothing else", () => {
  expect(inboxAddress({ q: 12, shelf: "archived", info: true, more: 1 })).toEqual({
    q: "12",
    shelf: "archived",
    info: true,
  });
  expect(inboxAddress({ q: {}, shelf: "attic", info: "yes" })).toEqual({});
  expect(listAddress("", null)).toEqual({});
  expect(inboxAddress({ ...listAddress("ana", "all") })).toEqual({ q: "ana", shelf: "all" });
});

test("the open chat is found on its shelf until another is chosen, and an empty archive is none", () => {
  const chats = [
    { id: "a", archived: false },
    { id: "b", archived: true },
  ];
  expect(shelfShown(chats, null, null)).toBe("all");
  expect(shelfShown(chats, null, "b")).toBe("archived");
  expect(shelfShown(chats, "all", "b")).toBe("all");
  expect(shelfShown(chats, "archived", "a")).toBe("archived");
  expect(shelfShown(chats.slice(0, 1), "archived", "b")).toBe("all");
});
