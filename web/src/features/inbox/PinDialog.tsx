// How long a message stays pinned.
import { useState } from "react";
import type { Wish } from "#/api/types";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";

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
      <fieldset>
        <legend className="sr-only">{say("pin.question")}</legend>
        {durations.map((duration) => (
          <label key={duration} className="flex h-11 items-center gap-3 rounded-lg px-2 hover:bg-hover">
            <input
              type="radio"
              name="duration"
              value={duration}
              checked={chosen === duration}
              onChange={() => setChosen(duration)}
              className="size-4 accent-accent"
            />
            {say(durationWords[duration])}
          </label>
        ))}
      </fieldset>
      <div className="mt-6 flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {say("dialog.cancel")}
        </Button>
        <Button look="primary" onClick={() => onAsk({ kind: "pin", duration: chosen })}>
          {say("menu.pin")}
        </Button>
      </div>
    </Dialog>
  );
}
