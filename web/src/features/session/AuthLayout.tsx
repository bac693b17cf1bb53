// What surrounds signing in: the brand, one sentence, the language.
import type { ReactNode } from "react";
import { Showcase } from "#/features/session/Showcase";
import { chooseLocale, localeNames, locales, useLocale, useWords } from "#/lib/words";
import { Logo } from "#/ui/Logo";

export function AuthLayout({ children }: { children: ReactNode }) {
  const say = useWords();
  return (
    <div className="aurora scroll-quiet h-full overflow-y-auto">
      <div className="mx-auto grid min-h-full max-w-6xl grid-rows-[auto_1fr_auto] px-5 py-6 wide:px-10">
        <header className="flex items-center justify-between">
          <Logo />
          <LanguageChoice />
        </header>
        <main className="grid items-center gap-14 py-8 wide:grid-cols-[1fr_26rem]">
          <div className="hidden wide:block">
            <h2 className="max-w-lg text-balance font-semibold text-[2.5rem] leading-[1.12] tracking-[-0.025em]">
              {say("auth.promise")}
            </h2>
            <p className="mt-4 max-w-md text-lg text-muted leading-relaxed">{say("auth.promise_text")}</p>
            <Showcase />
          </div>
          <div className="mx-auto w-full max-w-[26rem] animate-rise rounded-2xl border border-line bg-surface p-6 shadow-float sm:p-8">
            {children}
          </div>
        </main>
        <footer className="text-faint text-xs">{say("auth.footer")}</footer>
      </div>
    </div>
  );
}

function LanguageChoice() {
  const say = useWords();
  const locale = useLocale();
  return (
    <select
      aria-label={say("account.language")}
      value={locale}
      onChange={(event) => {
        const chosen = locales.find((one) => one === event.target.value);
        if (chosen) void chooseLocale(chosen);
      }}
      className="h-9 rounded-lg border border-edge bg-surface px-2.5 text-muted text-sm hover:text-text"
    >
      {locales.map((one) => (
        <option key={one} value={one} lang={one}>
          {localeNames[one]}
        </option>
      ))}
    </select>
  );
}
