// A conversation with somebody who is not in the list: the number, the wait for WhatsApp, and what came of it.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageSquarePlus } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { codeWords, fieldProblem, Problem, problemWords } from "#/api/errors";
import type { NewChat } from "#/api/types";
import { newChat, useBeginChat, useLand } from "#/features/inbox/newChat";
import { international, likelyRegion, numberProblem } from "#/lib/countries";
import { paths } from "#/lib/paths";
import { grouped } from "#/lib/phone";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";
import { PhoneField } from "#/ui/PhoneField";

export function NewChatDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const say = useWords();
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      title={say("new_chat.title")}
      description={say("new_chat.lead")}
      closeLabel={say("dialog.close")}
    >
      <NumberForm onClose={onClose} />
    </Dialog>
  );
}

function NumberForm({ onClose }: { onClose(): void }) {
  const say = useWords();
  const locale = useLocale();
  const navigate = useNavigate();
  const land = useLand();
  const begin = useBeginChat();
  const field = useRef<HTMLInputElement>(null);
  const [region, setRegion] = useState(() => likelyRegion(navigator.languages, locale));
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [begun, setBegun] = useState<NewChat | null>(null);
  const asked = useQuery(newChat(begun));
  const found = asked.data ?? begun;
  const looking = begin.isPending || found?.state === "looking";
  const chatId = found?.state === "opened" ? found.chat_id : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each chat that was found.
  useEffect(() => {
    if (!chatId || !found) return;
    if (found.opened_as && found.opened_as !== found.number)
      toast.info(say("new_chat.other_form", { number: grouped(found.opened_as) }));
    void land(chatId).then(() => {
      onClose();
      void navigate({ to: paths.chat, params: { chatId } });
    });
  }, [chatId]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const number = international(typed, region);
    const wrong = numberProblem(number);
    setProblem(wrong);
    setBegun(null);
    if (wrong === null) begin.mutate(number, { onSuccess: setBegun });
    else field.current?.focus();
  };
  return (
    <form noValidate onSubmit={submit}>
      <PhoneField
        ref={field}
        locale={locale}
        countryLabel={say("pairing.country")}
        label={say("pairing.number")}
        hint={say("new_chat.hint")}
        region={region}
        typed={typed}
        error={refusal()}
        disabled={looking || chatId !== null}
        onRegion={setRegion}
        onTyped={(text) => {
          setTyped(text);
          setProblem(null);
          setBegun(null);
          begin.reset();
        }}
      />
      <div role="status" className="mt-4 text-muted text-sm leading-snug empty:hidden">
        {looking ? say("new_chat.looking_text") : null}
      </div>
      {found?.state === "uncertain" && !looking && (
        <div className="mt-4">
          <Banner tone="warn" boxed role="alert">
            {say("new_chat.uncertain")}
          </Banner>
        </div>
      )}
      <DialogButtons onCancel={onClose}>
        <Button type="submit" look="primary" busy={looking} icon={<MessageSquarePlus size={17} />}>
          {say(looking ? "new_chat.looking" : "new_chat.begin")}
        </Button>
      </DialogButtons>
    </form>
  );

  function refusal(): string | null {
    if (looking) return null;
    if (problem !== null) return fieldProblem(say, problem);
    if (begin.error instanceof Problem && begin.error.fields.phone) return fieldProblem(say, begin.error.fields.phone);
    if (begin.error) return problemWords(say, begin.error);
    if (asked.error) return problemWords(say, asked.error);
    return found?.state === "failed" ? codeWords(say, found.reason) : null;
  }
}
