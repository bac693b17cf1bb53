// Changing what may be read without a person opening it.
import { readingMode, useSetReadingMode } from "#/features/settings/queries";
import { SettingDialog, type SettingProps } from "#/features/settings/SettingDialog";
import { useWords } from "#/lib/words";
import { ReadingModeChoice } from "#/ui/ReadingModeChoice";

export function ReadingModeDialog(props: SettingProps) {
  const say = useWords();
  const save = useSetReadingMode();
  return (
    <SettingDialog
      {...props}
      title={say("mode.question")}
      lead={say("mode.lead")}
      saved={say("mode.saved")}
      setting={readingMode()}
      current={(stored) => stored.reading_mode}
      save={save}
    >
      {(mode, choose) => <ReadingModeChoice value={mode} onChoose={choose} />}
    </SettingDialog>
  );
}
