// Asks once more before a message is deleted, and says that it cannot be undone.
import type { Wish } from "#/api/types";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";

interface DeleteDialogProps {
  whom: "delete_for_me" | "delete_for_everyone" | null;
  onAsk(wish: Wish): void;
  onClose(): void;
}

export function DeleteDialog({ whom, onAsk, onClose }: DeleteDialogProps) {
  const say = useWords();
  const everyone = whom === "delete_for_everyone";
  return (
    <Dialog
      open={whom !== null}
      onOpenChange={(open) => !open && onClose()}
      title={say(everyone ? "delete.everyone_question" : "delete.me_question")}
      description={say(everyone ? "delete.everyone_text" : "delete.me_text")}
      closeLabel={say("dialog.close")}
    >
      <DialogButtons onCancel={onClose}>
        <Button look="danger" onClick={() => whom && onAsk({ kind: whom })}>
          {say(everyone ? "menu.delete_for_everyone" : "menu.delete_for_me")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
