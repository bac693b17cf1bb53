// Where the picture of a conversation is.
import { chatPath } from "#/api/client";
import type { Chat } from "#/api/types";

/** The address of its picture, which names the content, so the browser may keep it; nothing while none is stored. */
export function pictureAddress({ id, picture }: Pick<Chat, "id" | "picture">): string | null {
  return picture ? `${chatPath(id)}/picture?v=${encodeURIComponent(picture)}` : null;
}
