// Saying that a customer does not want to be written to, and why.
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Chat, OptOutReason } from "#/api/types";
import { useOptOut } from "#/features/inbox/optOut";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";
import { RadioList } from "#/ui/RadioList";

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
      <RadioList
        question={say("opt_out.why")}
        answers={reasons.map((value) => ({ value, text: say(reasonWords[value]) }))}
        chosen={chosen}
        onChoose={setChosen}
      />
      <DialogButtons onCancel={onClose}>
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
      </DialogButtons>
    </Dialog>
  );
}
