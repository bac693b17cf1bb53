// The password once more before something grave, asked for when the server wants it and not before.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useState } from "react";
import { useForm } from "react-hook-form";
import { Problem, problemWords } from "#/api/errors";
import { type Recently, RecentlyContext } from "#/api/recently";
import { me, useSignIn } from "#/features/session/queries";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { DialogButtons } from "#/ui/DialogButtons";
import { Field } from "#/ui/Field";

interface Question {
  answer(given: boolean): void;
}

export function SignInAgain({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const recently = useCallback<Recently>(async (act) => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "sign_in_again") throw error;
      const given = await new Promise<boolean>((answer) => setQuestion({ answer }));
      setQuestion(null);
      if (!given) throw error;
      return act();
    }
  }, []);
  return (
    <RecentlyContext value={recently}>
      {children}
      {question && <PasswordDialog onGiven={() => question.answer(true)} onClose={() => question.answer(false)} />}
    </RecentlyContext>
  );
}

function PasswordDialog({ onGiven, onClose }: { onGiven(): void; onClose(): void }) {
  const say = useWords();
  const email = useQuery(me()).data?.email ?? "";
  const signIn = useSignIn();
  const { register, handleSubmit } = useForm<{ password: string }>();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={say("again.title")}
      description={say("again.lead", { email })}
      closeLabel={say("dialog.close")}
    >
      <form
        noValidate
        className="space-y-5"
        onSubmit={handleSubmit(({ password }) => signIn.mutate({ email, password }, { onSuccess: onGiven }))}
      >
        {signIn.error && (
          <Banner tone="danger" boxed role="alert">
            {signIn.error instanceof Problem && signIn.error.code === "bad_credentials"
              ? say("again.wrong")
              : problemWords(say, signIn.error)}
          </Banner>
        )}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <Field
          {...register("password")}
          label={say("auth.password")}
          type="password"
          autoComplete="current-password"
          data-first
          reveal={{ show: say("auth.show_password"), hide: say("auth.hide_password") }}
        />
        <DialogButtons onCancel={onClose}>
          <Button type="submit" look="primary" busy={signIn.isPending}>
            {say("again.go_on")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
