// Signing in.
import { zodResolver } from "@hookform/resolvers/zod";
import { Link, useNavigate } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { fieldProblem, problemWords } from "#/api/errors";
import { AuthLayout } from "#/features/session/AuthLayout";
import { signInForm } from "#/features/session/credentials";
import { type Credentials, useSignIn } from "#/features/session/queries";
import { paths } from "#/lib/paths";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";
import { Field } from "#/ui/Field";

export function SignInPage({ signUpOpen }: { signUpOpen: boolean }) {
  const say = useWords();
  const navigate = useNavigate();
  const signIn = useSignIn();
  const { register, handleSubmit, formState } = useForm<Credentials>({ resolver: zodResolver(signInForm) });
  const { errors } = formState;
  const wrong = (code: string | undefined): string | undefined => (code ? fieldProblem(say, code) : undefined);

  return (
    <AuthLayout>
      <h1 className="font-semibold text-2xl tracking-[-0.01em]">{say("sign_in.title")}</h1>
      <p className="mt-1 mb-6 text-muted text-sm">{say("sign_in.lead")}</p>
      <form
        noValidate
        className="space-y-5"
        onSubmit={handleSubmit((values) =>
          signIn.mutate(values, { onSuccess: () => void navigate({ to: paths.home }) }),
        )}
      >
        {signIn.error && (
          <Banner tone="danger" boxed role="alert">
            {problemWords(say, signIn.error)}
          </Banner>
        )}
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
          autoComplete="current-password"
          reveal={{ show: say("auth.show_password"), hide: say("auth.hide_password") }}
          error={wrong(errors.password?.message)}
        />
        <Button type="submit" look="primary" size="l" className="w-full" busy={signIn.isPending}>
          {say("sign_in.submit")}
        </Button>
      </form>
      {signUpOpen && (
        <p className="mt-6 text-center text-muted text-sm">
          {say("sign_in.no_account")}{" "}
          <Link to={paths.signUp} className="font-semibold text-accent underline-offset-4 hover:underline">
            {say("sign_in.to_sign_up")}
          </Link>
        </p>
      )}
    </AuthLayout>
  );
}
