// What the drawings of message kinds need from the page around them.
import type { Texts } from "../../locale/texts.ts";
import type { Model } from "../../model.ts";
import type { Message } from "../../protocol.ts";

export interface Drawer {
  model: Model;
  words: Texts["kinds"];
  /** A function that draws this message again. */
  changed(message: Message): () => void;
  /** `data-id` of a message's row. */
  keyOf(message: Message): string;
  /** Hands the file of a submission in once more. */
  again(message: Message): void;
  played(message: Message): void;
  vote(message: Message, option: number): void;
}
