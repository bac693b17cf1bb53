// A person's number with the button that copies it, in the form that dials from anywhere.
import { Copy } from "lucide-react";
import { toast } from "sonner";
import { grouped } from "#/lib/phone";
import { useWords } from "#/lib/words";
import { IconButton } from "#/ui/Button";

export function PhoneNumber({ number }: { number: string }) {
  const say = useWords();
  const copy = (): void =>
    void navigator.clipboard.writeText(number).then(
      () => toast.success(say("panel.copied")),
      () => toast.error(say("panel.copy_failed")),
    );
  return (
    <span className="flex min-h-8 items-center gap-1 font-mono text-sm" dir="ltr">
      {grouped(number)}
      <IconButton label={say("panel.copy")} onClick={copy} className="size-8">
        <Copy size={15} />
      </IconButton>
    </span>
  );
}
