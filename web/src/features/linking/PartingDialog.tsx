// Ending the connection, or erasing everything: one question more for the latter, then the steps as they are done.
import { Check } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { Parting, PartingKind, PartingStep } from "#/api/types";
import { useConnection, useDisconnect, useWipe } from "#/features/linking/queries";
import { useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { Checkbox } from "#/ui/Checkbox";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";
import { Field } from "#/ui/Field";
import { Spinner } from "#/ui/Spinner";

const stepsOf: Record<PartingKind, readonly PartingStep[]> = {
  disconnect: ["credentials"],
  wipe: ["credentials", "messages", "files"],
  wipe_data: ["messages", "files"],
};

const stepWords: Record<PartingStep, string> = {
  credentials: "parting.step_credentials",
  messages: "parting.step_messages",
  files: "parting.step_files",
};

const words = {
  disconnect: {
    title: "parting.disconnect_title",
    lead: "parting.disconnect_lead",
    act: "parting.disconnect_do",
  },
  wipe: { title: "parting.wipe_title", lead: "parting.wipe_lead", act: "parting.wipe_do" },
} as const;

interface PartingProps {
  kind: "disconnect" | "wipe";
  onClose(): void;
}

export function PartingDialog({ kind, onClose }: PartingProps) {
  const say = useWords();
  const { link } = useConnection();
  const [asked, setAsked] = useState(false);
  const [before] = useState(link?.parting?.ended_at ?? null);
  const parting = link?.parting && link.parting.ended_at !== before ? link.parting : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={say(words[kind].title)}
      description={say(words[kind].lead)}
      closeLabel={say("dialog.close")}
    >
      {asked ? (
        <PartingSteps parting={parting ?? { kind, done: [] }} />
      ) : (
        <Question kind={kind} onAsked={() => setAsked(true)} onCancel={onClose} />
      )}
      {asked && (
        <div className="mt-6 flex justify-end">
          <Button look={parting?.ended_at ? "primary" : "outline"} onClick={onClose}>
            {say("dialog.close")}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

interface QuestionProps {
  kind: "disconnect" | "wipe";
  onAsked(): void;
  onCancel(): void;
}

function Question({ kind, onAsked, onCancel }: QuestionProps) {
  const say = useWords();
  const disconnect = useDisconnect();
  const wipe = useWipe();
  const [understood, setUnderstood] = useState(false);
  const [typed, setTyped] = useState("");
  const word = say("parting.word");
  const sure = kind === "disconnect" || (understood && typed.trim().toLowerCase() === word.toLowerCase());
  const act = kind === "wipe" ? wipe : disconnect;
  return (
    <>
      {kind === "wipe" && (
        <div className="space-y-4">
          <Checkbox checked={understood} onChange={setUnderstood}>
            {say("parting.understood")}
          </Checkbox>
          <Field
            label={say("parting.type", { word })}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      <DialogButtons onCancel={onCancel}>
        <Button
          look="danger"
          disabled={!sure}
          busy={act.isPending}
          onClick={() =>
            act.mutate(undefined, {
              onSuccess: onAsked,
              onError: (error) => void toast.error(problemWords(say, error)),
            })
          }
        >
          {say(words[kind].act)}
        </Button>
      </DialogButtons>
    </>
  );
}

/** The steps, which one is done, and what is left to do on the phone. */
export function PartingSteps({ parting }: { parting: Parting }) {
  const say = useWords();
  const steps = stepsOf[parting.kind];
  return (
    <>
      <ul className="space-y-3" aria-live="polite">
        {steps.map((step) => {
          const done = parting.done.includes(step);
          const now = !done && steps.find((one) => !parting.done.includes(one)) === step;
          return (
            <li key={step} className={`flex items-center gap-3 ${done || now ? "" : "text-faint"}`}>
              <span className="flex size-5 items-center justify-center text-accent">
                {done ? (
                  <Check size={16} strokeWidth={2.5} aria-hidden="true" />
                ) : now ? (
                  <Spinner size={15} />
                ) : (
                  <span className="size-1.5 rounded-full bg-edge" />
                )}
              </span>
              <span>
                {say(stepWords[step])}
                {done && <span className="sr-only"> {say("parting.done")}</span>}
              </span>
            </li>
          );
        })}
      </ul>
      {parting.ended_at && parting.done.includes("credentials") && (
        <p className="mt-5 border-line border-t pt-4 text-sm">{say("parting.on_phone")}</p>
      )}
    </>
  );
}
