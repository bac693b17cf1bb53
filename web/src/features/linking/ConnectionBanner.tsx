// Above the inbox: what is not certain or not working now, and the way out.
import { Link } from "@tanstack/react-router";
import { PageRecord } from "#/features/linking/PageRecord";
import { ConnectAgain, TryAgain, UseHere } from "#/features/linking/PausedPhase";
import { useConnection } from "#/features/linking/queries";
import { readerWords, reasonWords, troubleWords } from "#/features/linking/reasons";
import { paths } from "#/lib/paths";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Spinner } from "#/ui/Spinner";

export function ConnectionBanner({ live }: { live: boolean }) {
  const say = useWords();
  const locale = useLocale();
  const { shown, trouble, link } = useConnection();

  if (!live)
    return (
      <Banner tone="warn" action={<Spinner size={16} />}>
        {say("reason.no_stream")}
      </Banner>
    );
  if (trouble !== null)
    return <Banner tone={trouble === "storage_full" ? "danger" : "warn"}>{say(troubleWords[trouble])}</Banner>;
  const words = reasonWords(say, shown, locale);
  switch (shown.name) {
    case "unsure":
      if (shown.reason === "conflict") return <UseHere boxed={false} />;
      return <Banner tone="warn">{words}</Banner>;
    case "ready":
      // As long as everything is read by other signs, there is nothing that a person has to know while working.
      return link?.reader && link.reader.unreadable.length > 0 ? (
        <Banner tone="info" action={<PageRecord missed={link.reader.unreadable} />}>
          {readerWords(say, link.reader, locale)}
        </Banner>
      ) : null;
    case "stuck":
      return (
        <Banner tone="warn" action={<TryAgain size="s" />}>
          {words}
        </Banner>
      );
    case "paused":
      return (
        <Banner tone="info" action={<ConnectAgain size="s" />}>
          {words}
        </Banner>
      );
    case "provisioning":
    case "waiting":
    case "loading":
      return (
        <Banner tone="info" action={<Spinner size={16} />}>
          {words}
        </Banner>
      );
    case "setup":
    case "qr":
    case "pairing":
    case "qr_timeout":
    case "other_account":
    case "parting":
    case "refused":
      return (
        <Banner
          tone="warn"
          action={
            <Link to={paths.connect} className="font-semibold text-accent underline-offset-4 hover:underline">
              {say("banner.to_connect")}
            </Link>
          }
        >
          {words}
        </Banner>
      );
    default:
      return null;
  }
}
