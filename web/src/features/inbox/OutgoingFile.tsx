// The file of a message on its way: what it looks like, and while it leaves this page how far it has come.
import { X } from "lucide-react";
import type { OutgoingFile as File, Media, Outgoing } from "#/api/types";
import { kindSigns } from "#/features/inbox/kinds";
import { useLocalFile } from "#/features/inbox/localFiles";
import { boxOf, thumbnailAddress } from "#/features/inbox/media";
import { isLocal, useDismiss } from "#/features/inbox/queries";
import { sizeWords } from "#/lib/size";
import { useLocale, useWords } from "#/lib/words";

export function OutgoingFile({ line, file }: { line: Outgoing; file: File }) {
  const say = useWords();
  const locale = useLocale();
  const here = useLocalFile(line.client_key);
  const dismiss = useDismiss();
  const sign = kindSigns[file.kind === "text" ? "unknown" : file.kind];
  const stored: Media | null = file.id && file.file ? { id: file.id, state: "stored", file: file.file } : null;
  const bytes = file.file?.bytes ?? here?.file.size;
  const picture = pictureOf();
  return (
    <div data-file={file.kind}>
      {picture ?? (
        <div className="flex min-w-0 items-center gap-3 py-1">
          <span className="flex size-10 shrink-0 items-center justify-center rounded-xl bg-black/15 light:bg-black/5">
            <sign.icon size={19} aria-hidden="true" />
          </span>
          <span className="min-w-0">
            <span dir="auto" className="line-clamp-2 font-medium text-sm [overflow-wrap:anywhere]">
              {file.name}
            </span>
            {bytes !== undefined && (
              <span className="block font-mono text-[0.6875rem] text-muted">{sizeWords(bytes, locale)}</span>
            )}
          </span>
        </div>
      )}
      {isLocal(line) && line.state === "queued" && here && (
        <div className="mt-1.5 flex items-center gap-2">
          <progress
            value={here.share ?? 0}
            max={1}
            aria-label={say("attach.uploading", { name: file.name })}
            className="h-1.5 min-w-24 grow overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-black/20 [&::-webkit-progress-value]:bg-accent"
          />
          <span className="font-mono text-[0.6875rem] text-muted tabular-nums">
            {here.share === null
              ? say("attach.waits")
              : new Intl.NumberFormat(locale, { style: "percent" }).format(here.share)}
          </span>
          <button
            type="button"
            aria-label={say("attach.stop", { name: file.name })}
            title={say("outgoing.cancel")}
            onClick={() => dismiss(line)}
            className="flex size-7 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-text"
          >
            <X size={14} />
          </button>
        </div>
      )}
    </div>
  );

  function pictureOf() {
    const small = stored?.file?.thumbnail === "made" ? thumbnailAddress(stored) : null;
    const address = small ?? (file.kind === "image" && here ? here.url : null);
    if (address === null) return null;
    const { width, height } = boxOf(stored ?? { id: "", state: "wanted" }, "image");
    return (
      <img
        src={address}
        alt={file.name}
        style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}
        className="max-w-full rounded-lg bg-black/20 object-cover light:bg-black/5"
      />
    );
  }
}
