// When the connection was not good, in the viewer's language and time zone, and which chats may lack something.
import { useInfiniteQuery } from "@tanstack/react-query";
import { problemWords } from "#/api/errors";
import type { LinkSpan } from "#/api/types";
import { history } from "#/features/linking/queries";
import { spanReason, spanTimes, spanWords } from "#/features/linking/spans";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Spinner } from "#/ui/Spinner";

export function LinkHistory() {
  const say = useWords();
  const found = useInfiniteQuery(history());
  const spans = found.data?.pages.flatMap((page) => page.spans) ?? [];
  return (
    <section className="rounded-2xl border border-line bg-surface p-5 sm:p-6" aria-labelledby="connection-history">
      <h2 id="connection-history" className="font-semibold text-lg">
        {say("history.title")}
      </h2>
      <p className="mt-1 text-muted text-sm">{say("history.lead")}</p>
      {found.isPending && <Spinner size={20} />}
      {found.isError && (
        <div className="mt-4">
          <Banner tone="warn" boxed>
            {problemWords(say, found.error)}
          </Banner>
        </div>
      )}
      {found.isSuccess && spans.length === 0 && <p className="mt-4">{say("history.none")}</p>}
      {spans.length > 0 && (
        <ol className="mt-4 divide-y divide-line">
          {spans.map((span) => (
            <Span key={span.id} span={span} />
          ))}
        </ol>
      )}
      {found.hasNextPage && (
        <Button className="mt-4" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {say("history.older")}
        </Button>
      )}
    </section>
  );
}

function Span({ span }: { span: LinkSpan }) {
  const say = useWords();
  const locale = useLocale();
  return (
    <li className="py-3">
      <p className="font-medium">{say(spanWords[span.condition], { time: spanTimes(say, span, locale) })}</p>
      <p className="mt-0.5 text-muted text-sm">
        {say(spanReason(span.reason))}
        {span.chats_in_doubt > 0 && (
          <span className="text-warn"> {say("history.doubt", { count: span.chats_in_doubt })}</span>
        )}
      </p>
    </li>
  );
}
