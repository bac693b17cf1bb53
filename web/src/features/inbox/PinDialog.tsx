// How long a message stays pinned.
import { useState } from "react";
import type { Wish } from "#/api/types";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";
import { RadioList } from "#/ui/RadioList";

const durations = ["day", "week", "month"] as const;
type Duration = (typeof durations)[number];
const durationWords: Record<Duration, string> = { day: "pin.day", week: "pin.week", month: "pin.month" };

interface PinDialogProps {
  open: boolean;
  onAsk(wish: Wish): void;
  onClose(): void;
}

export function PinDialog({ open, onAsk, onClose }: PinDialogProps) {
  const say = useWords();
  const [chosen, setChosen] = useState<Duration>("week");
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      title={say("pin.question")}
      description={say("pin.text")}
      closeLabel={say("dialog.close")}
    >
      <RadioList
        question={say("pin.question")}
        silent
        answers={durations.map((value) => ({ value, text: say(durationWords[value]) }))}
        chosen={chosen}
        onChoose={setChosen}
      />
      <DialogButtons onCancel={onClose}>
        <Button look="primary" onClick={() => onAsk({ kind: "pin", duration: chosen })}>
          {say("menu.pin")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
