// Linking by phone number: the number, then the characters to type on the phone.
import { ArrowLeft, KeyRound, RotateCw } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { toast } from "sonner";
import { fieldProblem, Problem, problemWords } from "#/api/errors";
import type { Pairing } from "#/api/types";
import { PhaseCard, Steps } from "#/features/linking/PhaseCard";
import { codeLeft } from "#/features/linking/phase";
import { usePairing, useUnpair } from "#/features/linking/queries";
import { useNow } from "#/lib/clock";
import { international, likelyRegion, numberProblem } from "#/lib/countries";
import { useLocale, useWords } from "#/lib/words";
import { Button } from "#/ui/Button";
import { PhoneField } from "#/ui/PhoneField";
import { Progress } from "#/ui/Progress";
import { Spinner } from "#/ui/Spinner";

interface PairingProps {
  pairing: Pairing | null;
  /** Goes back to the QR code while nothing was asked of WhatsApp yet. */
  onBack(): void;
}

export function PairingPhase({ pairing, onBack }: PairingProps) {
  const say = useWords();
  const [number, setNumber] = useState("");
  const pair = usePairing();
  const unpair = useUnpair();
  const back = (): void => {
    onBack();
    if (pairing) unpair.mutate(undefined, { onError: (error) => void toast.error(problemWords(say, error)) });
  };
  const ask = (wanted: string): void => {
    setNumber(wanted);
    pair.mutate(wanted);
  };
  const busy = pair.isPending || pairing?.step === "typing";
  return (
    <PhaseCard>
      {pairing?.step === "code" ? (
        <Characters pairing={pairing} busy={busy} onAgain={number ? () => ask(number) : null} />
      ) : (
        <NumberForm busy={busy} refused={refusal(pairing, pair.error)} onSubmit={ask} />
      )}
      <Button look="quiet" className="mt-6" icon={<ArrowLeft size={17} />} busy={unpair.isPending} onClick={back}>
        {say("pairing.back")}
      </Button>
    </PhaseCard>
  );

  function refusal(now: Pairing | null, error: Error | null): string | null {
    if (busy) return null;
    if (error instanceof Problem && error.fields.phone) return fieldProblem(say, error.fields.phone);
    if (error) return problemWords(say, error);
    if (now?.step === "number_refused") return say("pairing.number_refused");
    return now?.step === "failed" ? say("pairing.failed") : null;
  }
}

interface FormProps {
  busy: boolean;
  refused: string | null;
  onSubmit(number: string): void;
}

function NumberForm({ busy, refused, onSubmit }: FormProps) {
  const say = useWords();
  const locale = useLocale();
  const [region, setRegion] = useState(() => likelyRegion(navigator.languages, locale));
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const number = international(typed, region);
    const wrong = numberProblem(number);
    setProblem(wrong);
    if (wrong === null) onSubmit(number);
    else field.current?.focus();
  };
  const error = problem === null ? refused : fieldProblem(say, problem);
  return (
    <form noValidate onSubmit={submit}>
      <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("pairing.title")}</h1>
      <p className="mt-2 mb-6 text-muted">{say("pairing.lead")}</p>
      <PhoneField
        ref={field}
        locale={locale}
        countryLabel={say("pairing.country")}
        label={say("pairing.number")}
        hint={say("pairing.number_hint")}
        region={region}
        typed={typed}
        error={error}
        disabled={busy}
        onRegion={setRegion}
        onTyped={(text) => {
          setTyped(text);
          setProblem(null);
        }}
      />
      <Button type="submit" look="primary" size="l" className="mt-6 w-full" busy={busy} icon={<KeyRound size={18} />}>
        {say(busy ? "pairing.asking" : "pairing.ask")}
      </Button>
    </form>
  );
}

interface CharactersProps {
  pairing: Pairing;
  busy: boolean;
  onAgain: (() => void) | null;
}

/** Two groups of four, read out character by character. */
function Characters({ pairing, busy, onAgain }: CharactersProps) {
  const say = useWords();
  const now = useNow(250);
  const { code, shown_at, expires_at } = pairing;
  const left = codeLeft({ shown_at: shown_at ?? "", expires_at: expires_at ?? "" }, now);
  const over = !code || left.seconds === 0;
  const cells = [...(code ?? "")].map((letter, place) => ({ letter, place }));
  return (
    <>
      <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("pairing.code_title")}</h1>
      <p className="mt-2 mb-6 text-muted">{say("pairing.code_lead")}</p>
      {code ? (
        <div
          role="img"
          aria-label={say("pairing.code_label", { code: [...code].join(" ") })}
          data-link-code={code}
          dir="ltr"
          className={`flex items-center justify-center gap-1 font-mono text-2xl sm:gap-1.5 sm:text-3xl ${over ? "opacity-40" : ""}`}
        >
          {cells.map(({ letter, place }) => (
            <span key={place} className="contents">
              {place === 4 && <span className="px-0.5 text-faint">-</span>}
              <span className="flex h-12 w-8 items-center justify-center rounded-lg border border-edge bg-canvas sm:h-14 sm:w-11">
                {letter}
              </span>
            </span>
          ))}
        </div>
      ) : (
        <div className="flex h-14 items-center justify-center">{busy && <Spinner size={24} />}</div>
      )}
      <p className="sr-only" role="status">
        {code ? say("pairing.code_label", { code: [...code].join(" ") }) : ""}
      </p>
      {over ? (
        <div className="mt-4 text-center text-muted text-sm">
          <p>{say("pairing.code_over")}</p>
          {onAgain && (
            <Button className="mt-3" busy={busy} icon={<RotateCw size={16} />} onClick={onAgain}>
              {say("pairing.again")}
            </Button>
          )}
        </div>
      ) : (
        <div className="mt-4">
          <p className="mb-2 text-right text-muted text-sm tabular-nums">
            {say("pairing.seconds", { seconds: left.seconds })}
          </p>
          <Progress share={left.share} label={say("pairing.left")} tone={left.seconds <= 20 ? "warn" : "accent"} />
        </div>
      )}
      <div className="mt-7 border-line border-t pt-6">
        <Steps
          steps={[say("qr.step1"), say("qr.step2"), say("qr.step3"), say("pairing.step4"), say("pairing.step5")]}
        />
      </div>
    </>
  );
}
