// The words by which a customer may say that they do not want to be written to.
import { useId } from "react";
import { optOutWordsSetting, useSetOptOutWords } from "#/features/settings/queries";
import { SettingDialog, type SettingProps } from "#/features/settings/SettingDialog";
import { useWords } from "#/lib/words";

export function OptOutWordsDialog(props: SettingProps) {
  const say = useWords();
  const save = useSetOptOutWords();
  return (
    <SettingDialog
      {...props}
      title={say("opt_out.words_title")}
      lead={say("opt_out.words_lead")}
      saved={say("opt_out.words_saved")}
      setting={optOutWordsSetting()}
      current={(stored) => stored.words.join("\n")}
      save={save}
    >
      {(lines, choose) => <Lines lines={lines} onChoose={choose} />}
    </SettingDialog>
  );
}

function Lines({ lines, onChoose }: { lines: string; onChoose(lines: string): void }) {
  const say = useWords();
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {say("opt_out.words_label")}
      </label>
      <textarea
        id={id}
        rows={8}
        value={lines}
        onChange={(event) => onChoose(event.target.value)}
        className="scroll-quiet w-full resize-none rounded-lg border border-edge bg-canvas px-3 py-2 text-[0.9375rem] hover:border-faint"
      />
    </>
  );
}
