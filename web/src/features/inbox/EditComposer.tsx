// Stands in the composer's place while a message of ours is changed: Enter saves, Escape leaves it as it is.
import { Check, Pencil, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { Message } from "#/api/types";
import { useActs } from "#/features/inbox/ActsContext";
import { useWords } from "#/lib/words";
import { IconButton } from "#/ui/Button";

/** WhatsApp's own limit, in characters. */
const longest = 65_536;
const tallestPx = 200;

export function EditComposer({ message, onClose }: { message: Message; onClose(): void }) {
  const say = useWords();
  const id = useId();
  const { ask, blocked } = useActs();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(message.text);
  const tooLong = text.length > longest && [...text].length > longest;
  const ready = blocked === null && !tooLong && text.trim() !== "" && text !== message.text;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(tallestPx, box.scrollHeight)}px`;
  }, [text]);

  useEffect(() => {
    const box = field.current;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  }, []);

  const save = (): void => {
    if (!ready) return;
    ask(message, { kind: "edit", text });
    onClose();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onClose();
    }
    if (event.key !== "Enter" || event.shiftKey || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    save();
  };

  return (
    <form
      className="shrink-0 border-line border-t bg-surface px-3 pt-2 pb-[max(0.625rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className="mb-1.5 flex items-center gap-2.5 rounded-lg border-accent border-l-[3px] bg-raised py-1 pl-3">
        <Pencil size={15} className="shrink-0 text-accent" aria-hidden="true" />
        <p id={`${id}-what`} className="min-w-0 flex-1 text-sm">
          <span className="font-semibold text-accent">{say("edit.title")}</span>
          <span dir="auto" className="block truncate text-muted">
            {message.text}
          </span>
        </p>
        <IconButton label={say("edit.cancel")} onClick={onClose}>
          <X size={18} />
        </IconButton>
      </div>
      {(blocked ?? (tooLong ? say("problem.text_too_long") : null)) && (
        <p className="px-1 pb-2 text-danger text-sm" role="status">
          {blocked ?? say("problem.text_too_long")}
        </p>
      )}
      <div className="flex items-end gap-2">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
          aria-label={say("edit.label")}
          aria-describedby={`${id}-what`}
          className="scroll-quiet min-h-11 flex-1 resize-none rounded-xl border border-edge bg-canvas px-3.5 py-[0.625rem] leading-[1.4] transition-colors hover:border-faint focus-visible:outline-offset-0"
        />
        <button
          type="submit"
          disabled={!ready}
          aria-label={say("edit.save")}
          title={say("edit.save")}
          className="flex size-11 shrink-0 items-center justify-center rounded-xl bg-accent text-accent-ink transition-colors hover:bg-accent-strong disabled:cursor-not-allowed disabled:bg-hover disabled:text-faint"
        >
          <Check size={20} />
        </button>
      </div>
    </form>
  );
}
