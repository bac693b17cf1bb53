// What a person submitted and the server does not have yet.
import { type Prepared, upload } from "./composer/upload.ts";
import { faulty } from "./fault.ts";
import type { Answered, Model, Submission } from "./model.ts";
import type { ToServer } from "./protocol.ts";

export class Outbox {
  /** Asked for by a test: submissions vanish. */
  private swallows = false;
  /** Files go to the server one after the other, so that their messages keep the order of their rows. */
  private uploads: Promise<void> = Promise.resolve();

  constructor(
    private readonly model: Model,
    private readonly tell: (message: ToServer) => void,
  ) {}

  /** Draws a message and hands it in. */
  send(chat: string, text: string): void {
    if (this.swallows) return;
    const submission = { chat, tempId: freshKey(), text, at: Date.now(), quotes: this.answered(chat) };
    this.model.submit(submission);
    this.hand(submission);
  }

  /** Draws a message with a file, uploads the file and hands the message in. */
  sendFile(chat: string, text: string, file: Prepared): void {
    if (this.swallows) return;
    const own = { chat, tempId: freshKey(), text, at: Date.now(), quotes: this.answered(chat) };
    const submission = { ...own, file: { ...file, uploaded: null } };
    this.model.submit(submission);
    this.handIn(submission);
  }

  /** Tries once more to hand in the file of a submission. */
  uploadAgain(tempId: string): void {
    const submission = this.model.submissions.get(tempId);
    if (submission) this.handIn(submission);
  }

  /** Hands in again what the server never answered. */
  handAll(): void {
    for (const one of this.model.submissions.values()) this.hand(one);
  }

  /** From now on nothing is drawn, and nothing reaches the server. */
  swallow(): void {
    this.swallows = true;
  }

  /** What the chat's next message answers; it is taken along once. */
  private answered(chat: string): Answered | null {
    const answered = this.model.quoting.get(chat) ?? null;
    if (answered && !faulty("9-quote-stays")) this.model.quote(chat, null);
    return answered;
  }

  private hand({ chat, tempId, text, file, quotes }: Submission): void {
    if (file && !file.uploaded) return;
    const attach = file?.uploaded ? { attach: { ...file.attach, upload: file.uploaded } } : {};
    const answers = quotes ? { quotes: quotes.key } : {};
    this.tell({ type: "send", chat, tempId, text, ...attach, ...answers });
  }

  private handIn(submission: Submission): void {
    this.uploads = this.uploads.then(async () => {
      const { chat, tempId, file } = submission;
      if (!file) return;
      this.model.changeMessage(chat, tempId, { upload: "pending" });
      file.uploaded = await upload(file.bytes);
      this.model.changeMessage(chat, tempId, { upload: file.uploaded ? null : "refused" });
      this.hand(submission);
    });
  }
}

/** A key as the web client makes them. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return `3EB0${hex.join("").toUpperCase()}`;
}
