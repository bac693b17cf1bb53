// Signing in.
import { zodResolver } from "@hookform/resolvers/zod";
import { Link, useNavigate } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { problemWords } from "#/api/errors";
import { AuthLayout } from "#/features/session/AuthLayout";
import { CredentialFields } from "#/features/session/CredentialFields";
import { signInForm } from "#/features/session/credentials";
import { type Credentials, useSignIn } from "#/features/session/queries";
import { paths } from "#/lib/paths";
import { useWords } from "#/lib/words";
import { Banner } from "#/ui/Banner";
import { Button } from "#/ui/Button";

export function SignInPage({ signUpOpen }: { signUpOpen: boolean }) {
  const say = useWords();
  const navigate = useNavigate();
  const signIn = useSignIn();
  const { register, handleSubmit, formState } = useForm<Credentials>({ resolver: zodResolver(signInForm) });

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
        <CredentialFields register={register} errors={formState.errors} password="current-password" />
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
