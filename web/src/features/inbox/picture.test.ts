import { expect, it } from "vitest";
import { pictureAddress } from "#/features/inbox/picture";

it("names the content of a picture, and nothing while there is none", () => {
  expect(pictureAddress({ id: "chat_1", picture: "00ff" })).toBe("/api/chats/chat_1/picture?v=00ff");
  expect(pictureAddress({ id: "chat_1", picture: null })).toBeNull();
  expect(pictureAddress({ id: "chat_1" })).toBeNull();
});
