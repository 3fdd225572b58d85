'use client';

import { useEffect, useState } from 'react';
import { Button, Field, FormProblem, PasswordField, useForm } from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import type { NewAccount } from './account';
import { type CodeTexts, emailText, newPasswordText, problemText } from './account-texts';

/** A wait that is longer than this is explained, in ms. */
const EXPLAIN_AFTER_MS = 1500;

/** Name, address and password of a new account. */
export function NewAccountForm({
  send,
  codes,
  waiting,
}: {
  send: (account: NewAccount) => Promise<void>;
  codes: CodeTexts;
  /** Said when it takes long. */
  waiting: string;
}) {
  const form = useForm({
    fields: ['name', 'email', 'password'],
    check: ({ email, password }) => ({
      email: emailText(email),
      password: newPasswordText(password, email),
    }),
    send,
    explain: (error) => problemText(error, codes),
  });
  const isLong = useLasting(form.busy);

  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} className="space-y-4">
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={ACCOUNT_LIMITS.nameChars}
        hint="How others on this server see you."
      />
      <Field
        label="Email"
        type="email"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        hint="You sign in with it; nothing is sent to it."
        {...form.field('email')}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        hint={`At least ${ACCOUNT_LIMITS.passwordMinChars} characters. Several words are a good choice.`}
        {...form.field('password')}
      />
      <FormProblem>{form.problem}</FormProblem>
      <Button type="submit" tone="primary" className="w-full" aria-disabled={form.busy}>
        {form.busy ? 'Making the account …' : 'Create account and sign in'}
      </Button>
      <p role="status" className="text-muted text-sm">
        {isLong && waiting}
      </p>
    </form>
  );
}

/** Whether something has gone on for a while. */
function useLasting(isOn: boolean): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setLasts(true), EXPLAIN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [isOn]);
  return lasts;
}
