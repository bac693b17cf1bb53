// A picture in its own shape: the space is there before it is, and a click shows it large.
import { Download, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import type { Media, MessageKind } from "#/api/types";
import { boxOf, fileAddress, isWhole, thumbnailAddress } from "#/features/inbox/media";
import { PictureDialog } from "#/features/inbox/PictureDialog";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { cx } from "#/ui/cx";
import { Spinner } from "#/ui/Spinner";

interface SpaceProps {
  media: Media;
  kind: MessageKind;
  tile: boolean;
}

const space = ({ media, kind, tile }: SpaceProps): { width: string; aspectRatio: string } => {
  const { width, height } = boxOf(media, kind);
  return tile ? { width: "100%", aspectRatio: "1" } : { width: `${width}px`, aspectRatio: `${width} / ${height}` };
};

const frame = "relative block max-w-full overflow-hidden rounded-lg bg-black/20 light:bg-black/5";

/** The place of a picture that is on its way. */
export function PictureSpace({ label, busy, ...place }: SpaceProps & { label: string; busy: boolean }) {
  return (
    <div
      role="img"
      aria-label={label}
      aria-busy={busy}
      style={space(place)}
      className={cx(frame, "flex items-center justify-center text-faint")}
    >
      <Spinner size={20} />
    </div>
  );
}

export function Picture({ name, ...place }: SpaceProps & { name: string }) {
  const say = useWords();
  const [tries, setTries] = useState(0);
  const [broken, setBroken] = useState(false);
  const [open, setOpen] = useState(false);
  const { media, kind, tile } = place;
  const sticker = kind === "sticker";
  if (broken)
    return (
      <div
        style={space(place)}
        className={cx(frame, "flex flex-col items-center justify-center gap-2 p-3 text-center")}
      >
        <p className="text-faint text-xs">{say("media.failed")}</p>
        <Button
          size="s"
          icon={<RotateCcw size={14} aria-hidden="true" />}
          onClick={() => {
            setTries((count) => count + 1);
            setBroken(false);
          }}
        >
          {say("media.retry")}
        </Button>
      </div>
    );
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-label={say("media.open", { what: name })}
        style={space(place)}
        className={cx(frame, "cursor-zoom-in", sticker && "bg-transparent")}
      >
        <img
          key={tries}
          src={thumbnailAddress(media)}
          alt=""
          draggable={false}
          onError={() => setBroken(true)}
          className={cx(
            "absolute inset-0 size-full",
            sticker ? "object-contain" : "object-cover",
            !isWhole(media) && !tile && "blur-[2px]",
          )}
        />
      </button>
      <PictureDialog open={open} onClose={() => setOpen(false)} label={name}>
        <img
          src={isWhole(media) && kind !== "video" ? fileAddress(media) : thumbnailAddress(media)}
          alt={name}
          className="max-h-[calc(100dvh-7rem)] max-w-full object-contain"
        />
        <div className="flex items-center justify-end gap-2">
          {isWhole(media) && (
            <a
              href={fileAddress(media)}
              download={media.name ?? ""}
              className="inline-flex h-10 items-center gap-2 rounded-lg border border-edge px-4 font-medium hover:bg-hover"
            >
              <Download size={17} aria-hidden="true" />
              {say("media.save")}
            </a>
          )}
          <Button icon={<X size={17} aria-hidden="true" />} onClick={() => setOpen(false)}>
            {say("dialog.close")}
          </Button>
        </div>
      </PictureDialog>
    </>
  );
}
