// The end of a dialog: the way out, and beside it what the dialog is for.
import type { ReactNode } from "react";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";

interface DialogButtonsProps {
  onCancel(): void;
  /** The button that does it. */
  children: ReactNode;
}

export function DialogButtons({ onCancel, children }: DialogButtonsProps) {
  const say = useWords();
  return (
    <div className="mt-6 flex flex-wrap justify-end gap-2">
      <Button look="quiet" onClick={onCancel}>
        {say("dialog.cancel")}
      </Button>
      {children}
    </div>
  );
}
