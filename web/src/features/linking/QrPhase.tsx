// The code to scan, how long it lasts, and how to scan it.
import { ExternalLink, KeyRound, Smartphone } from "lucide-react";
import type { QrCode } from "#/api/types";
import { PhaseCard, Steps } from "#/features/linking/PhaseCard";
import { codeLeft } from "#/features/linking/phase";
import { QrPicture } from "#/features/linking/QrPicture";
import { useNow } from "#/lib/clock";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Progress } from "#/ui/Progress";

interface QrProps {
  code: QrCode;
  removed: boolean;
  phoneUrl: string | null;
  /** Wants to link by phone number instead. */
  onByNumber(): void;
}

export function QrPhase({ code, removed, phoneUrl, onByNumber }: QrProps) {
  const say = useWords();
  const left = codeLeft(code, useNow(250));
  const urgent = left.seconds <= 5;
  return (
    <PhaseCard wide>
      {removed && (
        <div className="mb-7">
          <Banner tone="warn" boxed>
            {say("reason.removed")}
          </Banner>
        </div>
      )}
      <div className="grid items-center gap-8 wide:grid-cols-[19rem_1fr] wide:gap-12">
        <div className="mx-auto w-full max-w-[19rem]">
          <QrPicture value={code.value} label={say("qr.picture")} />
          <div className="mt-4 mb-2 flex justify-between text-sm">
            <span className="font-medium">{say("qr.count", { number: code.number, of: code.of })}</span>
            <span className={`tabular-nums ${urgent ? "text-warn" : "text-muted"}`}>
              {say("qr.seconds", { seconds: left.seconds })}
            </span>
          </div>
          <Progress share={left.share} label={say("qr.left")} tone={urgent ? "warn" : "accent"} />
        </div>
        <div>
          <p className="label-mono mb-2 text-accent">{say("qr.kicker")}</p>
          <h1 className="mb-6 font-semibold text-2xl tracking-[-0.01em]">{say("qr.title")}</h1>
          <Steps steps={[say("qr.step1"), say("qr.step2"), say("qr.step3"), say("qr.step4")]} />
          <p className="mt-6 border-line border-t pt-4 text-muted text-sm">{say("qr.warning", { of: code.of })}</p>
          <Button size="s" look="quiet" className="-ml-3 mt-3" icon={<KeyRound size={15} />} onClick={onByNumber}>
            {say("qr.by_number")}
          </Button>
          {phoneUrl && (
            <a
              href={phoneUrl}
              target="_blank"
              rel="noreferrer"
              className="mt-5 flex items-center gap-3 rounded-xl border border-accent/30 bg-accent-soft px-4 py-3 font-medium text-accent text-sm transition-colors hover:border-accent"
            >
              <Smartphone size={18} aria-hidden="true" />
              <span className="flex-1">{say("qr.demo_phone")}</span>
              <ExternalLink size={16} aria-hidden="true" />
            </a>
          )}
        </div>
      </div>
    </PhaseCard>
  );
}
