// Who is signed in, and what they can set: language, theme, reading mode; and the way out.
import { useNavigate } from "@tanstack/react-router";
import { Ban, Eye, ListX, LogOut, PlugZap, UserPlus } from "lucide-react";
import { useState } from "react";
import type { Me } from "#/api/types";
import { FirstContactsDialog } from "#/features/settings/FirstContactsDialog";
import { OptOutListDialog } from "#/features/settings/OptOutListDialog";
import { OptOutWordsDialog } from "#/features/settings/OptOutWordsDialog";
import { useSetLocale } from "#/features/settings/queries";
import { ReadingModeDialog } from "#/features/settings/ReadingModeDialog";
import { paths } from "#/lib/paths";
import { initials } from "#/lib/people";
import { chooseTheme, savedTheme, type Theme } from "#/lib/theme";
import { chooseLocale, localeNames, locales, useLocale, useWords } from "#/lib/words";
import { Menu, MenuChoice, MenuHead, MenuItem, MenuLine } from "#/ui/Menu";

interface AccountMenuProps {
  me: Me;
  onSignOut(): void;
  side: "right" | "bottom";
}

export function AccountMenu({ me, onSignOut, side }: AccountMenuProps) {
  const say = useWords();
  const locale = useLocale();
  const saveLocale = useSetLocale();
  const [theme, setTheme] = useState<Theme>(savedTheme);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [counting, setCounting] = useState(false);
  const [wording, setWording] = useState(false);
  const [listing, setListing] = useState(false);
  return (
    <>
      <Menu
        side={side}
        trigger={
          <button
            type="button"
            aria-label={say("account.menu")}
            className="flex size-9 items-center justify-center rounded-full border border-edge bg-raised font-medium text-sm hover:border-accent data-[state=open]:border-accent"
          >
            {initials(me.email)}
          </button>
        }
      >
        <MenuHead>
          <span className="label-mono block text-faint">{say("account.signed_in")}</span>
          <span className="mt-0.5 block max-w-60 truncate font-medium">{me.email}</span>
        </MenuHead>
        <MenuLine />
        <MenuChoice
          label={say("account.language")}
          value={locale}
          options={locales.map((one) => ({ value: one, label: localeNames[one] }))}
          onChoose={(chosen) => {
            void chooseLocale(chosen);
            saveLocale.mutate(chosen);
          }}
        />
        <MenuLine />
        <MenuChoice
          label={say("account.theme")}
          value={theme}
          options={[
            { value: "dark", label: say("account.dark") },
            { value: "light", label: say("account.light") },
          ]}
          onChoose={(chosen) => {
            chooseTheme(chosen);
            setTheme(chosen);
          }}
        />
        <MenuLine />
        {me.has_slice && (
          <>
            <MenuItem icon={<PlugZap size={16} />} onSelect={() => void navigate({ to: paths.connection })}>
              {say("account.connection")}
            </MenuItem>
            <MenuItem icon={<Eye size={16} />} onSelect={() => setAsking(true)}>
              {say("account.reading_mode")}
            </MenuItem>
            <MenuItem icon={<UserPlus size={16} />} onSelect={() => setCounting(true)}>
              {say("account.first_contacts")}
            </MenuItem>
            <MenuItem icon={<Ban size={16} />} onSelect={() => setWording(true)}>
              {say("account.opt_out_words")}
            </MenuItem>
            <MenuItem icon={<ListX size={16} />} onSelect={() => setListing(true)}>
              {say("account.opt_out_list")}
            </MenuItem>
          </>
        )}
        <MenuItem icon={<LogOut size={16} />} onSelect={onSignOut}>
          {say("account.sign_out")}
        </MenuItem>
      </Menu>
      <ReadingModeDialog open={asking} onOpenChange={setAsking} />
      <OptOutWordsDialog open={wording} onOpenChange={setWording} />
      <OptOutListDialog open={listing} onOpenChange={setListing} />
      <FirstContactsDialog open={counting} onOpenChange={setCounting} />
    </>
  );
}
