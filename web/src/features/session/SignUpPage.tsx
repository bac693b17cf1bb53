// Making an account.
import { zodResolver } from "@hookform/resolvers/zod";
import { Link, useNavigate } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { Problem, problemWords } from "#/api/errors";
import { AuthLayout } from "#/features/session/AuthLayout";
import { CredentialFields } from "#/features/session/CredentialFields";
import { signUpForm } from "#/features/session/credentials";
import { type Credentials, useSignUp } from "#/features/session/queries";
import { paths } from "#/lib/paths";
import { useLocale, useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";

const fieldNames = ["email", "password"] as const;

export function SignUpPage() {
  const say = useWords();
  const locale = useLocale();
  const navigate = useNavigate();
  const signUp = useSignUp();
  const { register, handleSubmit, setError, formState } = useForm<Credentials>({ resolver: zodResolver(signUpForm) });

  /** Puts each complaint at its field. */
  const showAtFields = (error: Problem): void => {
    const told: Record<string, string> = error.code === "email_taken" ? { email: "email_taken" } : error.fields;
    const named = fieldNames.filter((name) => name in told);
    for (const [place, name] of named.entries())
      setError(name, { message: told[name] ?? "invalid" }, { shouldFocus: place === 0 });
  };

  const refused = signUp.error instanceof Problem ? signUp.error : null;
  const isAboutFields =
    refused !== null && (refused.code === "email_taken" || fieldNames.some((name) => name in refused.fields));

  return (
    <AuthLayout>
      <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("sign_up.title")}</h1>
      <p className="mt-1 mb-6 text-muted text-sm">{say("sign_up.lead")}</p>
      <form
        noValidate
        className="space-y-5"
        onSubmit={handleSubmit((values) =>
          signUp.mutate(
            { ...values, locale, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
            {
              onSuccess: () => void navigate({ to: paths.home }),
              onError: (error) => {
                if (error instanceof Problem) showAtFields(error);
              },
            },
          ),
        )}
      >
        {signUp.error && !isAboutFields && (
          <Banner tone="danger" boxed role="alert">
            {problemWords(say, signUp.error)}
          </Banner>
        )}
        <CredentialFields
          register={register}
          errors={formState.errors}
          password="new-password"
          hint={say("sign_up.password_hint")}
        />
        <Button type="submit" look="primary" size="l" className="w-full" busy={signUp.isPending}>
          {say("sign_up.submit")}
        </Button>
      </form>
      <p className="mt-6 text-center text-muted text-sm">
        {say("sign_up.have_account")}{" "}
        <Link to={paths.signIn} className="font-semibold text-accent underline-offset-4 hover:underline">
          {say("sign_up.to_sign_in")}
        </Link>
      </p>
    </AuthLayout>
  );
}
