'use client';

import { useEffect, useState } from 'react';
import { Field, PasswordField, useForm } from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import type { NewAccount } from './account';
import { AccountForm, EmailField } from './account-form';
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
    <div className="space-y-4">
      <AccountForm
        form={form}
        problem={form.problem}
        action={t('createAndSignIn')}
        busyAction={t('making')}
      >
        <Field
          label={t('name')}
          name="name"
          autoComplete="name"
          maxLength={ACCOUNT_LIMITS.nameChars}
          hint={t('nameHint')}
        />
        <EmailField field={form.field('email')} hint={t('emailHint')} />
        <PasswordField
          label={t('password')}
          autoComplete="new-password"
          hint={t('passwordMinWords', { min: ACCOUNT_LIMITS.passwordMinChars })}
          {...form.field('password')}
        />
      </AccountForm>
      <p role="status" className="text-muted text-sm">
        {isLong && waiting}
      </p>
    </div>
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
