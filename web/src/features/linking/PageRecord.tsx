// The newest record of what WhatsApp's page is built of, to be saved and sent to whoever looks after Queunir.
import { useQuery } from "@tanstack/react-query";
import { readerRecords } from "#/features/linking/queries";
import { useWords } from "#/lib/words";

export function PageRecord({ missed }: { missed: string[] }) {
  const say = useWords();
  const newest = useQuery(readerRecords(missed)).data?.records[0];
  if (!newest) return null;
  return (
    <a
      href={`/api/reader/records/${newest.id}`}
      download
      title={say("reader.record_holds")}
      className="font-semibold text-accent underline-offset-4 hover:underline"
    >
      {say("reader.record")}
    </a>
  );
}
