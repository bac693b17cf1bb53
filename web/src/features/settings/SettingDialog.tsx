// A dialog for one stored setting: fetched when it opens, saved when it was changed.
import { type UseMutationResult, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";
import { Spinner } from "#/ui/Spinner";

/** How such a dialog is opened and closed. */
export interface SettingProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

interface FormProps<Stored, Value> {
  setting: UseQueryOptions<Stored, Error, Stored, string[]>;
  /** What is chosen of what is stored. */
  current(stored: Stored): Value;
  save: UseMutationResult<unknown, Error, Value>;
  /** Said when it was saved. */
  saved: string;
  /** What the setting is chosen with. */
  children(value: Value, choose: (value: Value) => void, stored: Stored): ReactNode;
}

interface SettingDialogProps<Stored, Value> extends SettingProps, FormProps<Stored, Value> {
  title: string;
  lead: string;
}

export function SettingDialog<Stored, Value>(props: SettingDialogProps<Stored, Value>) {
  const say = useWords();
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={props.title}
      description={props.lead}
      closeLabel={say("dialog.close")}
    >
      <Form {...props} close={() => props.onOpenChange(false)} />
    </Dialog>
  );
}

function Form<Stored, Value>(props: FormProps<Stored, Value> & { close(): void }) {
  const { setting, current, save, saved, children, close } = props;
  const say = useWords();
  const stored = useQuery(setting);
  const [chosen, setChosen] = useState<Value | null>(null);
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
  const before = current(stored.data);
  return (
    <>
      {children(chosen ?? before, setChosen, stored.data)}
      <DialogButtons onCancel={close}>
        <Button
          look="primary"
          busy={save.isPending}
          disabled={chosen === null || chosen === before}
          onClick={() => {
            if (chosen === null) return;
            save.mutate(chosen, {
              onSuccess: () => {
                toast.success(saved);
                close();
              },
              onError: (error) => void toast.error(problemWords(say, error)),
            });
          }}
        >
          {say("dialog.save")}
        </Button>
      </DialogButtons>
    </>
  );
}
