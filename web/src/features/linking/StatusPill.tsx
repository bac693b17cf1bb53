// READY, CONNECTING, OFFLINE or UNSURE, on every page, with the reason behind it.
import { Link } from "@tanstack/react-router";
import { pillWord } from "#/features/linking/phase";
import { useConnection } from "#/features/linking/queries";
import { readerWords, reasonWords, troubleWords } from "#/features/linking/reasons";
import { paths } from "#/lib/paths";
import { grouped } from "#/lib/phone";
import { useLocale, useWords } from "#/lib/words";
import { Pill, type PillTone } from "#/ui/Pill";

const tones: Record<ReturnType<typeof pillWord>, PillTone> = {
  READY: "good",
  CONNECTING: "busy",
  OFFLINE: "off",
  UNSURE: "doubt",
};

export function StatusPill({ live }: { live: boolean }) {
  const say = useWords();
  const locale = useLocale();
  const { shown, trouble, link, slice } = useConnection();
  const word = pillWord(shown, live, trouble);
  const reason = trouble === null ? reasonWords(say, shown, locale) : say(troubleWords[trouble]);
  return (
    <Pill tone={tones[word]} word={word} label={say("pill.label")}>
      <p className="font-semibold">{say("pill.title")}</p>
      <p className="mt-1 text-muted">{live ? reason : say("reason.no_stream")}</p>
      {live && shown.name === "ready" && link?.reader && (
        <p className="mt-2 text-muted">{readerWords(say, link.reader, locale)}</p>
      )}
      {slice?.phase && (
        <p className="mt-3">
          <Link to={paths.connection} className="font-semibold text-accent underline-offset-4 hover:underline">
            {say("pill.details")}
          </Link>
        </p>
      )}
      {link?.phone && (
        <p className="mt-3 flex items-baseline justify-between border-line border-t pt-3">
          <span className="label-mono text-faint">{say("pill.number")}</span>
          <span className="font-mono text-sm" dir="ltr">
            {grouped(link.phone)}
          </span>
        </p>
      )}
    </Pill>
  );
}
