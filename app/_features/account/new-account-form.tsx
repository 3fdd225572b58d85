'use client';

import { useEffect, useState } from 'react';
import { Button, Field, FormProblem, PasswordField, useForm } from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import type { NewAccount } from './account';
import { type CodeTexts, emailText, newPasswordText, problemText } from './account-texts';
import { t } from './messages';

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
        label={t('name')}
        name="name"
        autoComplete="name"
        maxLength={ACCOUNT_LIMITS.nameChars}
        hint={t('nameHint')}
      />
      <Field
        label={t('email')}
        type="email"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        hint={t('emailHint')}
        {...form.field('email')}
      />
      <PasswordField
        label={t('password')}
        autoComplete="new-password"
        hint={t('passwordMinWords', { min: ACCOUNT_LIMITS.passwordMinChars })}
        {...form.field('password')}
      />
      <FormProblem>{form.problem}</FormProblem>
      <Button type="submit" tone="primary" className="w-full" aria-disabled={form.busy}>
        {form.busy ? t('making') : t('createAndSignIn')}
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
