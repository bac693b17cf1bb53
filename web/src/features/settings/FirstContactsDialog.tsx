// The tenant's own limit of first messages to people who never wrote.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import { firstContactsSetting, useSetFirstContacts } from "#/features/settings/queries";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Spinner } from "#/ui/Spinner";

/** What nobody may raise it above. */
const ceiling = 20;

export function FirstContactsDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const say = useWords();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={say("first.title")}
      description={say("first.lead")}
      closeLabel={say("dialog.close")}
    >
      <Form close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Form({ close }: { close(): void }) {
  const say = useWords();
  const id = useId();
  const stored = useQuery(firstContactsSetting());
  const save = useSetFirstContacts();
  const [chosen, setChosen] = useState<number | null>(null);
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
  const { per_day, limit, used } = stored.data;
  return (
    <>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {say("first.label")}
      </label>
      <select
        id={id}
        value={chosen ?? per_day}
        onChange={(event) => setChosen(Number(event.target.value))}
        className="h-11 w-full rounded-lg border border-edge bg-canvas px-3 text-[0.9375rem] hover:border-faint"
      >
        {Array.from({ length: ceiling }, (_, place) => place + 1).map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </select>
      <p className="mt-3 text-muted text-sm">{say("first.note", { used, limit })}</p>
      <div className="mt-6 flex justify-end gap-2">
        <Button look="quiet" onClick={close}>
          {say("dialog.cancel")}
        </Button>
        <Button
          look="primary"
          busy={save.isPending}
          disabled={chosen === null || chosen === per_day}
          onClick={() => {
            if (chosen === null) return;
            save.mutate(chosen, {
              onSuccess: () => {
                toast.success(say("first.saved"));
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
