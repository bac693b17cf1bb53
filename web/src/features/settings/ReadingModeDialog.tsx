// Changing what may be read without a person opening it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { ReadingMode } from "#/api/types";
import { readingMode, useSetReadingMode } from "#/features/settings/queries";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { ReadingModeChoice } from "#/ui/ReadingModeChoice";
import { Spinner } from "#/ui/Spinner";

export function ReadingModeDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const say = useWords();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={say("mode.question")}
      description={say("mode.lead")}
      closeLabel={say("dialog.close")}
    >
      <ReadingModeForm close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ReadingModeForm({ close }: { close(): void }) {
  const say = useWords();
  const stored = useQuery(readingMode());
  const save = useSetReadingMode();
  const [chosen, setChosen] = useState<ReadingMode | null>(null);
  const value = chosen ?? stored.data?.reading_mode ?? null;

  if (stored.isPending)
    return (
      <div className="flex justify-center py-8">
        <Spinner size={24} />
      </div>
    );
  if (stored.isError)
    return (
      <Banner tone="warn" boxed>
        {problemWords(say, stored.error)}
      </Banner>
    );
  return (
    <>
      <ReadingModeChoice value={value} onChoose={setChosen} />
      <div className="mt-6 flex justify-end gap-2">
        <Button look="quiet" onClick={close}>
          {say("dialog.cancel")}
        </Button>
        <Button
          look="primary"
          busy={save.isPending}
          disabled={chosen === null || chosen === stored.data.reading_mode}
          onClick={() => {
            if (chosen === null) return;
            save.mutate(chosen, {
              onSuccess: () => {
                toast.success(say("mode.saved"));
                close();
              },
              onError: (error) => void toast.error(problemWords(say, error)),
            });
          }}
        >
          {say("dialog.save")}
        </Button>
      </div>
    </>
  );
}
