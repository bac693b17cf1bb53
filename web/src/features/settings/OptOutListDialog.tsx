// Who does not want to be written to: the list, its file, and another list taken in.
import { useQuery } from "@tanstack/react-query";
import { Download, Upload } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { problemWords } from "#/api/errors";
import type { OptedOut } from "#/api/types";
import { OptOutImport } from "#/features/settings/OptOutImport";
import { fileName, optOutList, save, useLiftNumber, useOptOutFile } from "#/features/settings/optOutList";
import type { SettingProps } from "#/features/settings/SettingDialog";
import { serverNow } from "#/lib/clock";
import { grouped } from "#/lib/phone";
import { moment, shortMoment } from "#/lib/time";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Spinner } from "#/ui/Spinner";

export function OptOutListDialog({ open, onOpenChange }: SettingProps) {
  const say = useWords();
  const [importing, setImporting] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => {
        setImporting(false);
        onOpenChange(now);
      }}
      title={say("opt_out.list_title")}
      description={say(importing ? "opt_out.import_lead" : "opt_out.list_lead")}
      closeLabel={say("dialog.close")}
    >
      {importing ? <OptOutImport onBack={() => setImporting(false)} /> : <List onImport={() => setImporting(true)} />}
    </Dialog>
  );
}

function List({ onImport }: { onImport(): void }) {
  const say = useWords();
  const stored = useQuery(optOutList());
  const file = useOptOutFile();
  if (stored.isPending)
    return (
      <div className="flex justify-center py-8">
        <Spinner size={24} />
      </div>
    );
  if (stored.isError)
    return (
      <Banner tone="warn" boxed>
        {problemWords(say, stored.error)}
      </Banner>
    );
  const { opt_outs, total } = stored.data;
  const take = (): void =>
    file.mutate(undefined, {
      onSuccess: ({ csv }) => {
        save(csv, fileName(serverNow()));
        toast.success(say("opt_out.exported"));
      },
      onError: (error) => void toast.error(problemWords(say, error)),
    });
  return (
    <>
      <p className="mb-2 font-medium text-sm" role="status">
        {total === 0 ? say("opt_out.list_empty") : say("opt_out.list_count", { count: total })}
      </p>
      {total > 0 && (
        <ul
          aria-label={say("opt_out.list_title")}
          className="scroll-quiet max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line"
        >
          {opt_outs.map((one) => (
            <Entry key={one.chat_id ?? one.phone} one={one} />
          ))}
        </ul>
      )}
      {opt_outs.length < total && (
        <p className="mt-2 text-muted text-sm">{say("opt_out.list_more", { count: opt_outs.length })}</p>
      )}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button icon={<Download size={16} aria-hidden="true" />} busy={file.isPending} onClick={take}>
          {say("opt_out.export")}
        </Button>
        <Button look="primary" icon={<Upload size={16} aria-hidden="true" />} onClick={onImport}>
          {say("opt_out.import")}
        </Button>
      </div>
    </>
  );
}

function Entry({ one }: { one: OptedOut }) {
  const say = useWords();
  const locale = useLocale();
  const lift = useLiftNumber();
  const since = moment(one.at);
  const phone = one.phone ?? "";
  const number = grouped(phone);
  const drop = (): void =>
    lift.mutate(phone, {
      onSuccess: () => void toast.success(say("opt_out.lifted", { phone: number })),
      onError: (error) => void toast.error(problemWords(say, error)),
    });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-medium" dir="auto">
          {one.title ?? number}
        </p>
        <p className="text-muted">
          {one.chat_id ? say(`opt_out.${one.reason}`) : say("opt_out.no_chat")}
          {since !== null && ` · ${shortMoment(since, locale)}`}
        </p>
      </div>
      {!one.chat_id && (
        <Button
          size="s"
          look="quiet"
          busy={lift.isPending}
          aria-label={say("opt_out.lift_number", { phone: number })}
          onClick={drop}
        >
          {say("opt_out.remove")}
        </Button>
      )}
    </li>
  );
}
