// Before linking: what is needed, what it means, and the two things only the person can decide.
import { MessagesSquare, MonitorSmartphone, QrCode, ShieldAlert, Smartphone } from "lucide-react";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { ReadingMode } from "#/api/types";
import type { Notice } from "#/features/linking/phase";
import { consentVersion, useConnect } from "#/features/linking/queries";
import { noticeWords } from "#/features/linking/reasons";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Checkbox } from "#/ui/Checkbox";
import { ReadingModeChoice } from "#/ui/ReadingModeChoice";

interface SetupProps {
  notice: Notice | null;
  knowsChoice: boolean;
}

export function SetupPhase({ notice, knowsChoice }: SetupProps) {
  const say = useWords();
  const connect = useConnect();
  const [mode, setMode] = useState<ReadingMode | null>(null);
  const [accepted, setAccepted] = useState(false);

  const missing = knowsChoice ? null : mode === null ? "setup.missing_mode" : accepted ? null : "setup.missing_consent";
  const start = (): void => {
    const answers = mode && accepted ? { reading_mode: mode, accepted: consentVersion } : {};
    connect.mutate(answers, { onError: (error) => void toast.error(problemWords(say, error)) });
  };

  return (
    <div className="grid animate-rise gap-5 wide:grid-cols-[1fr_1.25fr] wide:gap-12">
      <div className="wide:py-9">
        <p className="label-mono mb-3 text-accent">{say("setup.kicker")}</p>
        <h1 className="text-balance font-semibold text-[1.75rem] leading-[1.15] tracking-[-0.02em] wide:text-[2.25rem]">
          {say("setup.title")}
        </h1>
        <p className="mt-3 max-w-prose text-muted">{say("setup.lead")}</p>
        <h2 className="mt-8 mb-2 hidden font-semibold text-sm wide:block">{say("setup.how")}</h2>
        <ol className="mt-5 grid gap-4 wide:mt-0 wide:gap-5">
          <Preview icon={<Smartphone size={20} />} title={say("setup.need_title")} text={say("setup.need_text")} />
          <Preview icon={<QrCode size={20} />} title={say("setup.step_scan")} text={say("setup.step_scan_text")} />
          <Preview
            icon={<MessagesSquare size={20} />}
            title={say("setup.step_chats")}
            text={say("setup.step_chats_text")}
          />
        </ol>
      </div>

      <section
        className="rounded-2xl border border-line bg-surface p-5 shadow-float sm:p-8"
        aria-label={say("setup.connect")}
      >
        {notice && (
          <div className="mb-6">
            <Banner tone="warn" boxed>
              {say(noticeWords[notice])}
            </Banner>
          </div>
        )}
        {!knowsChoice && (
          <>
            <h2 className="mb-1 font-semibold text-lg">{say("mode.question")}</h2>
            <p className="mb-4 text-muted text-sm">{say("mode.lead")}</p>
            <ReadingModeChoice value={mode} onChoose={setMode} />
          </>
        )}
        <div className={`flex gap-3.5 rounded-xl border border-warn/25 bg-warn-soft p-4 ${knowsChoice ? "" : "mt-6"}`}>
          <ShieldAlert size={20} className="mt-0.5 shrink-0 text-warn" aria-hidden="true" />
          <div className="text-sm leading-relaxed">
            <p className="font-semibold">{say("consent.title")}</p>
            <p className="mt-1 text-muted">{say("consent.text")}</p>
          </div>
        </div>
        {!knowsChoice && (
          <div className="mt-5">
            <Checkbox checked={accepted} onChange={setAccepted}>
              {say("consent.accept")}
            </Checkbox>
          </div>
        )}
        <Button
          look="primary"
          size="l"
          className="mt-6 w-full"
          disabled={missing !== null || notice === "deleting"}
          busy={connect.isPending}
          onClick={start}
          icon={<MonitorSmartphone size={20} />}
          aria-describedby={missing ? "setup-missing" : undefined}
        >
          {say("setup.connect")}
        </Button>
        <p id="setup-missing" className="mt-2.5 min-h-5 text-center text-faint text-sm" aria-live="polite">
          {missing ? say(missing) : ""}
        </p>
      </section>
    </div>
  );
}

function Preview({ icon, title, text }: { icon: ReactNode; title: string; text: string }) {
  return (
    <li className="flex gap-4">
      <span
        className="flex size-10 shrink-0 items-center justify-center rounded-xl border border-line bg-surface text-accent"
        aria-hidden="true"
      >
        {icon}
      </span>
      <span>
        <span className="block font-medium">{title}</span>
        <span className="block text-muted text-sm">{text}</span>
      </span>
    </li>
  );
}
