'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import {
  Button,
  buttonClass,
  Field,
  FormPage,
  FormProblem,
  Notice,
  PasswordField,
  useForm,
} from '@/app/_features/ui';
import { safePath } from '@/lib/core';
import { signIn } from './account';
import { signInBy } from './account-switch';
import { problemText, SIGN_IN_CODES, signInProblem } from './account-texts';
import { ProviderButtons } from './provider-buttons';
import { useSignInFacts } from './use-account';
import { useSession } from './use-session';

/** Signs in who has an account on this server. */
export function SignInPage() {
  const query = useSearchParams();
  const session = useSession();
  const facts = useSignInFacts();
  const path = safePath(query.get('callbackUrl'));
  const returned = signInProblem(query.get('error'));

  const form = useForm({
    fields: ['email', 'password'],
    check: ({ email, password }) => ({
      email: email.trim() === '' ? 'Enter your address.' : undefined,
      password: password === '' ? 'Enter your password.' : undefined,
    }),
    send: ({ email, password }) => signInBy(() => signIn(email, password), path),
    explain: (error) => problemText(error, SIGN_IN_CODES),
  });

  if (session && !form.busy)
    return (
      <FormPage title="Sign in">
        {returned && <FormProblem>{returned}</FormProblem>}
        <p>
          You are signed in as <strong>{session.user.name}</strong> ({session.user.email}).
        </p>
        <div className="flex flex-wrap gap-2">
          <Link href={path} className={buttonClass('primary')}>
            Go on
          </Link>
          <Link href="/settings#account" className={buttonClass()}>
            Account settings
          </Link>
        </div>
      </FormPage>
    );

  return (
    <FormPage title="Sign in">
      {facts.data?.accounts === false && (
        <Notice tone="info">
          There is no account on this server, and none is needed: everything works on this device.
          To use it as a team, open the link that the server printed when it started.
        </Notice>
      )}
      <form noValidate onSubmit={(event) => void form.submit(event)} className="space-y-4">
        <Field
          label="Email"
          type="email"
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          {...form.field('email')}
        />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          {...form.field('password')}
        />
        <FormProblem>{form.problem ?? returned}</FormProblem>
        <Button type="submit" tone="primary" className="w-full" aria-disabled={form.busy}>
          {form.busy ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
      <ProviderButtons providers={facts.data?.providers ?? []} path={path} />
    </FormPage>
  );
}
