// The tenant's own limit of first messages to people who never wrote.
import { useId } from "react";
import type { FirstContacts } from "#/api/types";
import { firstContactsSetting, useSetFirstContacts } from "#/features/settings/queries";
import { SettingDialog, type SettingProps } from "#/features/settings/SettingDialog";
import { useWords } from "#/lib/words";

/** What nobody may raise it above. */
const ceiling = 20;

export function FirstContactsDialog(props: SettingProps) {
  const say = useWords();
  const save = useSetFirstContacts();
  return (
    <SettingDialog
      {...props}
      title={say("first.title")}
      lead={say("first.lead")}
      saved={say("first.saved")}
      setting={firstContactsSetting()}
      current={(stored) => stored.per_day}
      save={save}
    >
      {(count, choose, stored) => <Count count={count} stored={stored} onChoose={choose} />}
    </SettingDialog>
  );
}

function Count({ count, stored, onChoose }: { count: number; stored: FirstContacts; onChoose(count: number): void }) {
  const say = useWords();
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {say("first.label")}
      </label>
      <select
        id={id}
        value={count}
        onChange={(event) => onChoose(Number(event.target.value))}
        className="h-11 w-full rounded-lg border border-edge bg-canvas px-3 text-[0.9375rem] hover:border-faint"
      >
        {Array.from({ length: ceiling }, (_, place) => place + 1).map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
      <p className="mt-3 text-muted text-sm">{say("first.note", { used: stored.used, limit: stored.limit })}</p>
    </>
  );
}
