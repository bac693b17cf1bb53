// Which message a quote leads to.
import { describe, expect, it } from "vitest";
import type { Message } from "#/api/types";
import { quotedBy } from "#/features/inbox/quotes";

const message = (id: string, text: string, more: Partial<Message> = {}): Message =>
  ({ id, text, kind: "text", direction: "in", ...more }) as Message;

const answer = (text: string, sender?: string): Message =>
  message("answer", "yes", { direction: "out", quoted: { text, ...(sender && { sender }) } });

describe("the message that a quote is of", () => {
  it("is the nearest above with the same words, however they are formatted", () => {
    const known = [message("1", "*and* tomorrow?\n❤️"), message("2", "and tomorrow? ❤"), message("3", "and today?")];
    const asked = answer("and tomorrow? ❤");
    expect(quotedBy(asked, [...known, asked, message("4", "and tomorrow? ❤")])?.id).toBe("2");
  });

  it("is rather the quoted author's, and one whose words were cut", () => {
    const known = [
      message("1", "ok", { sender: "Ana" }),
      message("2", "ok", { sender: "Ben" }),
      message("3", "a long story"),
    ];
    const asked = answer("ok", "Ana");
    expect(quotedBy(asked, [...known, asked])?.id).toBe("1");
    const cut = answer("a long…");
    expect(quotedBy(cut, [...known, cut])?.id).toBe("3");
  });

  it("is nobody's without words, below, or when it is not loaded", () => {
    const photo = answer("");
    expect(quotedBy(photo, [message("1", ""), photo])).toBeUndefined();
    const asked = answer("later");
    expect(quotedBy(asked, [asked, message("1", "later")])).toBeUndefined();
    expect(quotedBy(asked, [message("1", "later")])).toBeUndefined();
  });
});
