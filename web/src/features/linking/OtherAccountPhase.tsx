// Another phone than before may be linked: nothing of it is stored until somebody says what becomes of the old data.
import { Layers, Trash2, Unplug, UserRoundX } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { AccountAnswer, AccountQuestion } from "#/api/types";
import { PhaseCard } from "#/features/linking/PhaseCard";
import { useAnswerAccount } from "#/features/linking/queries";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Checkbox } from "#/ui/Checkbox";
import { Choice } from "#/ui/Choice";

type Answer = AccountAnswer["answer"];

export function OtherAccountPhase({ question }: { question: AccountQuestion }) {
  const say = useWords();
  const answer = useAnswerAccount();
  const [chosen, setChosen] = useState<Answer | null>(null);
  const [sure, setSure] = useState(false);
  const numbers = { before: question.before ?? say("other.unknown_number"), now: question.now ?? "" };
  const missing = chosen === null || (chosen === "wipe" && !sure);
  return (
    <PhaseCard>
      <div className="mb-5 flex size-14 items-center justify-center rounded-2xl border border-warn/25 bg-warn-soft text-warn">
        <UserRoundX size={26} aria-hidden="true" />
      </div>
      <h1 className="font-semibold text-2xl tracking-[-0.01em]">
        {say(question.now ? "other.title" : "other.title_unknown")}
      </h1>
      <p className="mt-2 text-muted">
        {say(question.now ? "other.lead" : "other.lead_unknown", { ...numbers, count: question.chats })}
      </p>
      <div className="mt-6">
        <Choice<Answer>
          label={say("other.question")}
          value={chosen}
          onChoose={setChosen}
          options={[
            { value: "keep", title: say("other.keep"), text: say("other.keep_text"), icon: <Layers size={20} /> },
            { value: "wipe", title: say("other.wipe"), text: say("other.wipe_text"), icon: <Trash2 size={20} /> },
            {
              value: "disconnect",
              title: say("other.disconnect"),
              text: say("other.disconnect_text"),
              icon: <Unplug size={20} />,
            },
          ]}
        />
      </div>
      {chosen === "wipe" && (
        <div className="mt-4">
          <Checkbox checked={sure} onChange={setSure}>
            {say("parting.understood")}
          </Checkbox>
        </div>
      )}
      <Button
        look={chosen === "wipe" ? "danger" : "primary"}
        size="l"
        className="mt-6 w-full"
        disabled={missing}
        busy={answer.isPending}
        onClick={() => {
          if (chosen !== null)
            answer.mutate(chosen, { onError: (error) => void toast.error(problemWords(say, error)) });
        }}
      >
        {say("other.go_on")}
      </Button>
    </PhaseCard>
  );
}
