// A list of numbers taken in as opt-outs: chosen or pasted, looked at, then done, with the lines that are refused.
import { FileUp } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { problemWords } from "#/api/errors";
import type { ImportedOptOuts, RefusedLine } from "#/api/types";
import { changesSomething, useImportOptOuts } from "#/features/settings/optOutList";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";

/** Why a line is not taken. */
const REFUSED: Record<RefusedLine["reason"], string> = {
  not_international: "opt_out.refused.not_international",
  unknown_country: "opt_out.refused.unknown_country",
  wrong_length: "opt_out.refused.wrong_length",
  no_number: "opt_out.refused.no_number",
  no_moment: "opt_out.refused.no_moment",
};

export function OptOutImport({ onBack }: { onBack(): void }) {
  const say = useWords();
  const bring = useImportOptOuts();
  const [bytes, setBytes] = useState(new Uint8Array());
  const [text, setText] = useState("");
  const [told, setTold] = useState<ImportedOptOuts | null>(null);
  const ask = (list: Uint8Array<ArrayBuffer>, preview: boolean): void => {
    setBytes(list);
    bring.mutate({ bytes: list, preview }, { onSuccess: setTold });
  };
  const back = (): void => {
    if (told?.preview) {
      setTold(null);
      bring.reset();
    } else onBack();
  };
  return (
    <>
      {bring.isError && (
        <div className="mb-4">
          <Banner tone="danger" boxed role="alert">
            {problemWords(say, bring.error)}
          </Banner>
        </div>
      )}
      {told ? (
        <Told told={told} busy={bring.isPending} onBack={back} onDo={() => ask(bytes, false)} />
      ) : (
        <Choice busy={bring.isPending} text={text} onText={setText} onBack={back} onLook={(list) => ask(list, true)} />
      )}
    </>
  );
}

interface ChoiceProps {
  busy: boolean;
  text: string;
  onText(text: string): void;
  onBack(): void;
  onLook(list: Uint8Array<ArrayBuffer>): void;
}

function Choice({ busy, text, onText, onBack, onLook }: ChoiceProps) {
  const say = useWords();
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen) onLook(new Uint8Array(await chosen.arrayBuffer()));
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        aria-label={say("opt_out.import_file")}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button
        ref={first}
        icon={<FileUp size={16} aria-hidden="true" />}
        busy={busy}
        onClick={() => file.current?.click()}
        className="w-full"
      >
        {say("opt_out.import_file")}
      </Button>
      <label htmlFor={id} className="mt-4 mb-1.5 block font-medium text-sm">
        {say("opt_out.import_paste")}
      </label>
      <textarea
        id={id}
        rows={5}
        dir="ltr"
        spellCheck={false}
        value={text}
        onChange={(event) => onText(event.target.value)}
        className="scroll-quiet w-full resize-none rounded-lg border border-edge bg-canvas px-3 py-2 font-mono text-sm hover:border-faint"
      />
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onBack}>
          {say("opt_out.import_back")}
        </Button>
        <Button
          look="primary"
          busy={busy}
          disabled={text.trim() === ""}
          onClick={() => onLook(new TextEncoder().encode(text))}
        >
          {say("opt_out.import_check")}
        </Button>
      </div>
    </>
  );
}

interface ToldProps {
  told: ImportedOptOuts;
  busy: boolean;
  onBack(): void;
  onDo(): void;
}

function Told({ told, busy, onBack, onDo }: ToldProps) {
  const say = useWords();
  const head = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told anew is read anew.
  useEffect(() => head.current?.focus(), [told]);
  const changes = changesSomething(told);
  return (
    <>
      <h3 ref={head} tabIndex={-1} className="mb-2 font-semibold outline-none">
        {say(told.preview ? "opt_out.import_would" : "opt_out.import_done")}
      </h3>
      <ul className="list-disc space-y-1 pl-5 text-sm" role="status">
        <li>{say("opt_out.import_chats", { count: told.chats_total })}</li>
        <li>{say("opt_out.import_numbers", { count: told.numbers })}</li>
        <li>{say("opt_out.import_known", { count: told.known })}</li>
        <li>{say("opt_out.import_refused", { count: told.refused_total })}</li>
      </ul>
      {told.chats.length > 0 && (
        <ul className="scroll-quiet mt-3 max-h-40 overflow-y-auto rounded-lg border border-line px-3 py-2 text-sm">
          {told.chats.map((chat) => (
            <li key={chat.chat_id} className="truncate py-0.5" dir="auto">
              {chat.title}
            </li>
          ))}
        </ul>
      )}
      {told.refused.length > 0 && <Refused lines={told.refused} />}
      {told.preview && !changes && <p className="mt-3 text-muted text-sm">{say("opt_out.import_nothing")}</p>}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button look={told.preview ? "quiet" : "primary"} onClick={onBack}>
          {say("opt_out.import_back")}
        </Button>
        {told.preview && (
          <Button look="primary" busy={busy} disabled={!changes} onClick={onDo}>
            {say("opt_out.import_do")}
          </Button>
        )}
      </div>
    </>
  );
}

function Refused({ lines }: { lines: RefusedLine[] }) {
  const say = useWords();
  return (
    <ul
      aria-label={say("opt_out.import_refused", { count: lines.length })}
      className="scroll-quiet mt-3 max-h-40 overflow-y-auto rounded-lg border border-line px-3 py-2 text-sm"
    >
      {lines.map((one) => (
        <li key={one.line} className="py-1">
          <span className="font-medium">{say("opt_out.import_line", { line: one.line })}</span>{" "}
          {one.text !== "" && (
            <span className="break-all font-mono" dir="ltr">
              {one.text}
            </span>
          )}
          <span className="block text-muted">{say(REFUSED[one.reason])}</span>
        </li>
      ))}
    </ul>
  );
}
