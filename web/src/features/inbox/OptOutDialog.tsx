// Saying that a customer does not want to be written to, and why.
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat, OptOutReason } from "#/api/types";
import { useOptOut } from "#/features/inbox/optOut";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";

const reasons: readonly OptOutReason[] = ["asked", "keyword", "other"];
export const reasonWords: Record<OptOutReason, string> = {
  asked: "opt_out.asked",
  keyword: "opt_out.keyword",
  other: "opt_out.other",
};

interface OptOutDialogProps {
  chat: Chat;
  open: boolean;
  onClose(): void;
}

export function OptOutDialog({ chat, open, onClose }: OptOutDialogProps) {
  const say = useWords();
  const optOut = useOptOut(chat.id);
  const [chosen, setChosen] = useState<OptOutReason>("asked");
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      title={say("opt_out.question")}
      description={say("opt_out.text")}
      closeLabel={say("dialog.close")}
    >
      <fieldset>
        <legend className="mb-1 font-medium text-sm">{say("opt_out.why")}</legend>
        {reasons.map((reason) => (
          <label key={reason} className="flex min-h-11 items-center gap-3 rounded-lg px-2 hover:bg-hover">
            <input
              type="radio"
              name="reason"
              value={reason}
              checked={chosen === reason}
              onChange={() => setChosen(reason)}
              className="size-4 accent-accent"
            />
            {say(reasonWords[reason])}
          </label>
        ))}
      </fieldset>
      <div className="mt-6 flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {say("dialog.cancel")}
        </Button>
        <Button
          look="danger"
          busy={optOut.isPending}
          onClick={() =>
            optOut.mutate(chosen, {
              onSuccess: onClose,
              onError: (error) => void toast.error(problemWords(say, error)),
            })
          }
        >
          {say("opt_out.confirm")}
        </Button>
      </div>
    </Dialog>
  );
}
