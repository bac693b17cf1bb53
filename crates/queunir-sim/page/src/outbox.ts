// What a person submitted and the server does not have yet.
import { type Prepared, upload } from "./composer/upload.ts";
import type { Model, Submission } from "./model.ts";
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
    const submission = { chat, tempId: freshKey(), text, at: Date.now() };
    this.model.submit(submission);
    this.hand(submission);
  }

  /** Draws a message with a file, uploads the file and hands the message in. */
  sendFile(chat: string, text: string, file: Prepared): void {
    if (this.swallows) return;
    const submission = { chat, tempId: freshKey(), text, at: Date.now(), file: { ...file, uploaded: null } };
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

  private hand({ chat, tempId, text, file }: Submission): void {
    if (file && !file.uploaded) return;
    const attach = file?.uploaded ? { attach: { ...file.attach, upload: file.uploaded } } : {};
    this.tell({ type: "send", chat, tempId, text, ...attach });
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
function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return `3EB0${hex.join("").toUpperCase()}`;
}
