// Above the composer of a conversation in which nobody wrote: how many first messages are left today.
import { useQuery } from "@tanstack/react-query";
import { firstContacts } from "#/features/inbox/newChat";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";

export function FirstContactNote({ chatId }: { chatId: string }) {
  const say = useWords();
  const locale = useLocale();
  const now = useQuery(firstContacts(chatId)).data;
  if (!now) return null;
  const at = moment(now.free_at);
  return at === null ? (
    <Banner tone="info">{say("first.note", { used: now.used, limit: now.limit })}</Banner>
  ) : (
    <Banner tone="warn">{say("first.full", { limit: now.limit, at: shortMoment(at, locale) })}</Banner>
  );
}
