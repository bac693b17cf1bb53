// A conversation that is not in the list: it was joined with another, which is shown instead, or there is none.
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { becomes, joins } from "#/features/inbox/joins";
import { paths } from "#/lib/paths";
import { useWords } from "#/lib/words";
import { EmptyState } from "#/ui/EmptyState";

export function MissingChat({ chatId }: { chatId: string }) {
  const say = useWords();
  const known = useQuery({ ...joins(chatId), retry: false });
  const now = becomes(known.data ?? [], chatId);
  if (now !== null) return <Navigate to={paths.chat} params={{ chatId: now }} search={true} replace />;
  if (known.isPending) return null;
  return (
    <EmptyState icon={<SearchX size={28} />} title={say("inbox.chat_missing")}>
      {say("inbox.chat_missing_text")}
    </EmptyState>
  );
}
