// Where a message is written: Enter sends, Shift and Enter make a line, what is not sent stays as a draft.
import { Paperclip, SendHorizontal } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { Chat, Message, ReplyTo } from "#/api/types";
import { AttachDialog } from "#/features/inbox/AttachDialog";
import { filesOf } from "#/features/inbox/chosen";
import { onGivenBack, readDraft, withGivenBack, writeDraft } from "#/features/inbox/drafts";
import { useSend } from "#/features/inbox/queries";
import { ReplyBar } from "#/features/inbox/ReplyBar";
import type { Attach } from "#/features/inbox/useAttach";
import { useWords } from "#/lib/words";

/** WhatsApp's own limit, in characters. */
const longest = 65_536;
/** The count appears this close to the limit; earlier it would be noise. */
const nearLimit = 2_000;
const tallestPx = 200;

interface ComposerProps {
  chat: Chat;
  /** Why nothing can be sent now; null when it can. What is typed is kept either way. */
  blocked: string | null;
  attach: Attach;
  /** The message that is being answered, and when that was begun; 0 for one that was kept. */
  answered: Message | null;
  answeredAt: number;
  onAnswer(messageId: string | null): void;
  onSent(): void;
}

const replyOf = ({ id, kind, direction, sender, text }: Message): ReplyTo => ({
  message_id: id,
  kind,
  direction,
  sender: sender ?? null,
  text,
});

export function Composer({ chat, blocked, attach, answered, answeredAt, onAnswer, onSent }: ComposerProps) {
  const say = useWords();
  const id = useId();
  const send = useSend();
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => readDraft(chat.id));

  // Counting code points is only worth it near the limit.
  const count = text.length < longest - nearLimit ? text.length : [...text].length;
  const left = longest - count;
  const tooLong = left < 0;
  const why = blocked ?? (tooLong ? say("composer.too_long", { count: -left }) : null);
  const noFiles = blocked ?? (answered && say("reply.no_files"));
  const ready = why === null && text.trim() !== "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(tallestPx, box.scrollHeight)}px`;
  }, [text]);

  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, []);

  useEffect(() => {
    if (answeredAt > 0) field.current?.focus();
  }, [answeredAt]);

  useEffect(
    () =>
      onGivenBack(chat.id, (line) => {
        setText((draft) => {
          const next = withGivenBack(line.text, draft);
          writeDraft(chat.id, next);
          return next;
        });
        if (line.reply_to) onAnswer(line.reply_to.message_id);
        field.current?.focus();
      }),
    [chat.id, onAnswer],
  );

  const described = [answered && `${id}-answered`, why !== null && `${id}-why`].filter(Boolean).join(" ") || undefined;

  const change = (next: string): void => {
    setText(next);
    writeDraft(chat.id, next);
  };
  const submit = (): void => {
    if (!ready) return;
    const replyTo = answered === null ? undefined : replyOf(answered);
    send.mutate({ chatId: chat.id, text, key: crypto.randomUUID(), replyTo });
    change("");
    onAnswer(null);
    onSent();
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    // Enter also ends the composition of an accent or a Chinese word; that must not send.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && answered) {
      event.preventDefault();
      onAnswer(null);
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    if (matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    submit();
  };

  const paste = (event: ClipboardEvent): void => {
    const pasted = filesOf(event.clipboardData);
    if (pasted.length === 0) return;
    event.preventDefault();
    if (noFiles === null) attach.add(pasted);
    else toast.info(noFiles);
  };

  return (
    <>
      <form
        className="shrink-0 border-line border-t bg-surface px-3 pt-2.5 pb-[max(0.625rem,env(safe-area-inset-bottom))]"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {answered && (
          <ReplyBar
            id={`${id}-answered`}
            message={answered}
            onCancel={() => {
              onAnswer(null);
              field.current?.focus();
            }}
          />
        )}
        {(why !== null || left < nearLimit) && (
          <p id={`${id}-why`} className="flex justify-between gap-3 px-1 pb-2 text-sm" role="status">
            <span className={tooLong && !blocked ? "text-danger" : "text-muted"}>{why}</span>
            {left < nearLimit && !(tooLong && !blocked) && (
              <span className={`font-mono text-xs ${tooLong ? "text-danger" : "text-faint"}`}>
                {say("composer.left", { count: left })}
              </span>
            )}
          </p>
        )}
        <div className="flex items-end gap-2">
          <button
            type="button"
            disabled={noFiles !== null}
            aria-label={say("attach.button")}
            title={noFiles ?? say("attach.button")}
            onClick={() => files.current?.click()}
            className="flex size-11 shrink-0 items-center justify-center rounded-xl text-muted transition-colors hover:bg-hover hover:text-text disabled:cursor-not-allowed disabled:bg-transparent disabled:text-faint"
          >
            <Paperclip size={20} />
          </button>
          <input
            ref={files}
            type="file"
            multiple
            hidden
            aria-label={say("attach.files")}
            onChange={(event) => {
              attach.add(event.target.files ?? []);
              event.target.value = "";
            }}
          />
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            value={text}
            onChange={(event) => change(event.target.value)}
            onKeyDown={press}
            onPaste={paste}
            aria-label={say("composer.label")}
            aria-describedby={described}
            placeholder={say("composer.hint")}
            className="scroll-quiet min-h-11 flex-1 resize-none rounded-xl border border-edge bg-canvas px-3.5 py-[0.625rem] leading-[1.4] transition-colors hover:border-faint focus-visible:outline-offset-0"
          />
          <button
            type="submit"
            disabled={!ready}
            aria-label={say("composer.send")}
            title={why ?? say("composer.send_title")}
            className="flex size-11 shrink-0 items-center justify-center rounded-xl bg-accent text-accent-ink transition-colors hover:bg-accent-strong disabled:cursor-not-allowed disabled:bg-hover disabled:text-faint"
          >
            <SendHorizontal size={20} />
          </button>
        </div>
      </form>
      {/* Outside the form: a browser stops the submission of a form within a form there, so that the app never hears of it,
          and loads the page anew without what was chosen. */}
      <AttachDialog
        name={chat.title}
        chosen={attach.chosen}
        onCaption={attach.caption}
        onRemove={attach.remove}
        onMore={() => files.current?.click()}
        onSend={() => {
          attach.send();
          field.current?.focus();
        }}
        onClose={attach.discard}
      />
    </>
  );
}
