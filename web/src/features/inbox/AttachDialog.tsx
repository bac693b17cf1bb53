// Files before they are sent: each looked at, with a caption of its own, or taken out again.
import { File as FileIcon, Plus, SendHorizontal, Trash2 } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { type Chosen, lookOfChosen } from "#/features/inbox/chosen";
import { sizeWords } from "#/lib/size";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { cx } from "#/ui/cx";
import { Dialog } from "#/ui/Dialog";

/** WhatsApp's own limit of a caption, in characters. */
const longestCaption = 1_024;

interface AttachDialogProps {
  name: string;
  chosen: Chosen[];
  onCaption(key: string, caption: string): void;
  onRemove(key: string): void;
  onMore(): void;
  onSend(): void;
  onClose(): void;
}

export function AttachDialog({ name, chosen, onCaption, onRemove, onMore, onSend, onClose }: AttachDialogProps) {
  const say = useWords();
  const id = useId();
  const caption = useRef<HTMLTextAreaElement>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const shown = chosen.find((one) => one.key === wanted) ?? chosen[0];
  const long = chosen.some((one) => [...one.caption].length > longestCaption);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each file's caption is ready to be written.
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) caption.current?.focus();
  }, [shown?.key]);

  return (
    <Dialog
      open={shown !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={say("attach.title", { count: chosen.length })}
      description={say("attach.to", { name })}
      closeLabel={say("attach.discard")}
    >
      {shown && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!long) onSend();
          }}
        >
          <Look key={shown.key} one={shown} />
          {chosen.length > 1 && (
            <ul className="scroll-quiet mt-3 flex gap-2 overflow-x-auto p-0.5" aria-label={say("attach.files")}>
              {chosen.map((one) => (
                <li key={one.key}>
                  <button
                    type="button"
                    aria-label={one.file.name}
                    aria-pressed={one.key === shown.key}
                    title={one.file.name}
                    onClick={() => setWanted(one.key)}
                    className={cx(
                      "flex size-14 items-center justify-center overflow-hidden rounded-lg border bg-canvas",
                      one.key === shown.key ? "border-accent" : "border-edge hover:border-faint",
                    )}
                  >
                    {lookOfChosen(one) === "image" ? (
                      <img src={one.url} alt="" className="size-full object-cover" />
                    ) : (
                      <FileIcon size={20} aria-hidden="true" />
                    )}
                  </button>
                </li>
              ))}
            </ul>
          )}
          <label htmlFor={`${id}-caption`} className="mt-4 mb-1 block text-muted text-sm">
            {say("attach.caption")}
          </label>
          <textarea
            id={`${id}-caption`}
            ref={caption}
            rows={2}
            dir="auto"
            value={shown.caption}
            aria-invalid={[...shown.caption].length > longestCaption}
            onChange={(event) => onCaption(shown.key, event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
              if (matchMedia("(pointer: coarse)").matches) return;
              event.preventDefault();
              if (!long) onSend();
            }}
            className="scroll-quiet w-full resize-none rounded-xl border border-edge bg-canvas px-3.5 py-2.5 leading-[1.4] hover:border-faint"
          />
          {long && (
            <p className="mt-1 text-danger text-sm" role="status">
              {say("problem.caption_too_long")}
            </p>
          )}
          <div className="mt-4 flex flex-wrap items-center gap-2">
            <Button size="m" look="quiet" icon={<Plus size={17} aria-hidden="true" />} onClick={onMore}>
              {say("attach.more")}
            </Button>
            <Button
              size="m"
              look="quiet"
              icon={<Trash2 size={17} aria-hidden="true" />}
              onClick={() => onRemove(shown.key)}
            >
              {say("attach.remove")}
            </Button>
            <Button
              type="submit"
              look="primary"
              className="ml-auto"
              disabled={long}
              icon={<SendHorizontal size={17} aria-hidden="true" />}
            >
              {say("attach.send", { count: chosen.length })}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Look({ one }: { one: Chosen }) {
  const say = useWords();
  const locale = useLocale();
  const [broken, setBroken] = useState(false);
  const look = broken ? "file" : lookOfChosen(one);
  return (
    <figure className="rounded-xl bg-black/20 p-3 light:bg-black/5">
      {look === "image" && (
        <img
          src={one.url}
          alt={one.file.name}
          onError={() => setBroken(true)}
          className="mx-auto max-h-[min(45dvh,24rem)] max-w-full rounded-lg object-contain"
        />
      )}
      {look === "video" && (
        // biome-ignore lint/a11y/useMediaCaption: what people send has no captions.
        <video
          src={one.url}
          controls
          aria-label={one.file.name}
          onError={() => setBroken(true)}
          className="mx-auto max-h-[min(45dvh,24rem)] max-w-full rounded-lg"
        />
      )}
      {look === "file" && (
        <div className="flex justify-center py-6 text-muted">
          <FileIcon size={48} strokeWidth={1.25} role="img" aria-label={say("kind.document")} />
        </div>
      )}
      <figcaption className="mt-2 flex flex-wrap justify-center gap-x-2 text-center text-sm">
        <span dir="auto" className="[overflow-wrap:anywhere]">
          {one.file.name}
        </span>
        <span className="font-mono text-muted text-xs leading-5">{sizeWords(one.file.size, locale)}</span>
      </figcaption>
    </figure>
  );
}
