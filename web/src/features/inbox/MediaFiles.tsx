// The files of a message: pictures in their own shape, sounds with a player, everything else to be saved.
import { CircleAlert, Download, RotateCcw } from "lucide-react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Media, Message, MessageKind } from "#/api/types";
import { kindSigns } from "#/features/inbox/kinds";
import { fileAddress, isWhole, lookOf, mayRetry, noteOf } from "#/features/inbox/media";
import { Picture, PictureSpace } from "#/features/inbox/Picture";
import { useRetryMedia } from "#/features/inbox/queries";
import { lengthWords, sizeWords } from "#/lib/size";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

export function MediaFiles({ message }: { message: Message }) {
  const media = message.media ?? [];
  if (message.kind === "album" && media.length > 1)
    return (
      <ul className="grid w-[330px] max-w-full grid-cols-2 gap-1">
        {media.map((one) => (
          <li key={one.id} className="min-w-0">
            <MediaOne media={one} kind="image" tile />
          </li>
        ))}
      </ul>
    );
  return media.map((one) => (
    <MediaOne key={one.id} media={one} kind={message.kind === "album" ? "image" : message.kind} tile={false} />
  ));
}

interface MediaOneProps {
  media: Media;
  kind: MessageKind;
  /** One of several, in a square. */
  tile: boolean;
}

function MediaOne({ media, kind, tile }: MediaOneProps) {
  const say = useWords();
  const note = noteOf(media, kind);
  const sign = kindSigns[kind === "text" ? "unknown" : kind];
  return (
    <div data-media={media.state}>
      {show()}
      {note && (
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-xs">
          <p className="flex items-start gap-1.5">
            <CircleAlert size={13} aria-hidden="true" className="mt-0.5 shrink-0" />
            {say(note)}
          </p>
          {mayRetry(media) && <Retry media={media} />}
        </div>
      )}
    </div>
  );

  function show() {
    switch (lookOf(media, kind)) {
      case "picture":
        return <Picture media={media} kind={kind} tile={tile} name={say(sign.words)} />;
      case "loading":
        return <PictureSpace media={media} kind={kind} tile={tile} label={say("media.loading")} busy />;
      case "audio":
        return (
          <div className="w-[300px] max-w-full">
            <Title media={media} kind={kind} />
            {/* biome-ignore lint/a11y/useMediaCaption: what customers say has no captions. */}
            <audio
              controls
              preload="metadata"
              src={fileAddress(media)}
              aria-label={say(sign.words)}
              className="w-full"
            />
            <Save media={media} />
          </div>
        );
      case "video":
        return (
          <div className="w-[330px] max-w-full">
            {/* biome-ignore lint/a11y/useMediaCaption: what customers film has no captions. */}
            <video
              controls
              preload="metadata"
              src={fileAddress(media)}
              aria-label={say(sign.words)}
              className="w-full rounded-lg"
            />
            <Save media={media} />
          </div>
        );
      case "file":
        return (
          <div>
            <Title media={media} kind={kind} />
            <Save media={media} />
          </div>
        );
      case "absent":
        return <Title media={media} kind={kind} />;
    }
  }
}

/** What it is, its name, its length and its size. */
function Title({ media, kind }: { media: Media; kind: MessageKind }) {
  const say = useWords();
  const locale = useLocale();
  const sign = kindSigns[kind === "text" ? "unknown" : kind];
  const facts = [
    media.name ? say(sign.words) : null,
    typeof media.duration_s === "number" ? lengthWords(media.duration_s) : null,
    media.file && isWhole(media) ? sizeWords(media.file.bytes, locale) : media.size_text,
  ].filter(Boolean);
  return (
    <div className="flex min-w-0 items-center gap-3 py-1">
      <span className="flex size-10 shrink-0 items-center justify-center rounded-xl bg-black/15 light:bg-black/5">
        <sign.icon size={19} aria-hidden="true" />
      </span>
      <span className="min-w-0">
        <span dir="auto" className="line-clamp-2 font-medium text-sm [overflow-wrap:anywhere]">
          {media.name ?? say(sign.words)}
        </span>
        {facts.length > 0 && <span className="block font-mono text-[0.6875rem] text-muted">{facts.join(" · ")}</span>}
      </span>
    </div>
  );
}

function Save({ media }: { media: Media }) {
  const say = useWords();
  return (
    <a
      href={fileAddress(media)}
      download={media.name ?? ""}
      aria-label={media.name ? say("media.save_name", { name: media.name }) : say("media.save")}
      className="mt-1 inline-flex h-8 items-center gap-1.5 rounded-lg border border-edge px-3 font-medium text-sm hover:bg-hover"
    >
      <Download size={15} aria-hidden="true" />
      {say("media.save")}
    </a>
  );
}

function Retry({ media }: { media: Media }) {
  const say = useWords();
  const retry = useRetryMedia();
  return (
    <Button
      size="s"
      look="quiet"
      busy={retry.isPending}
      icon={<RotateCcw size={14} aria-hidden="true" />}
      onClick={() => retry.mutate(media.id, { onError: (error) => void toast.error(problemWords(say, error)) })}
    >
      {say("media.retry")}
    </Button>
  );
}
