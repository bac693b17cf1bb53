// E-mail and password, as both forms ask for them.
import type { FieldErrors, UseFormRegister } from "react-hook-form";
import { fieldProblem } from "#/api/errors";
import type { Credentials } from "#/features/session/queries";
import { useWords } from "#/lib/words";
import { Field } from "#/ui/Field";

interface CredentialFieldsProps {
  register: UseFormRegister<Credentials>;
  errors: FieldErrors<Credentials>;
  /** What a password manager should do with the password. */
  password: "current-password" | "new-password";
  hint?: string;
}

export function CredentialFields({ register, errors, password, hint }: CredentialFieldsProps) {
  const say = useWords();
  const wrong = (code: string | undefined): string | undefined => (code ? fieldProblem(say, code) : undefined);
  return (
    <>
      <Field
        {...register("email")}
        label={say("auth.email")}
        type="email"
        autoComplete="username"
        autoFocus
        error={wrong(errors.email?.message)}
      />
      <Field
        {...register("password")}
        label={say("auth.password")}
        type="password"
        autoComplete={password}
        hint={hint}
        reveal={{ show: say("auth.show_password"), hide: say("auth.hide_password") }}
        error={wrong(errors.password?.message)}
      />
    </>
  );
}
