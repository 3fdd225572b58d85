'use client';

import { type ReactNode, type SubmitEvent, useState } from 'react';
import { Button, Field, type FormField, FormProblem } from '@/app/_features/ui';
import { isAbort } from '@/lib/core';
import { goToProvider, type ProviderIntent, type SignInProvider } from './account';
import { PROVIDER_CODES, problemText } from './account-texts';
import { t } from './messages';

/** A form with one button as wide as itself, and what the server refused above that. */
export function AccountForm({
  form: { busy, submit },
  problem,
  action,
  busyAction,
  children,
}: {
  form: { busy: boolean; submit: (event: SubmitEvent<HTMLFormElement>) => Promise<void> };
  problem: string | null;
  /** What the button says. */
  action: string;
  /** What it says while the server is asked. */
  busyAction: string;
  children: ReactNode;
}) {
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
      {children}
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" tone="primary" className="w-full" aria-disabled={busy}>
        {busy ? busyAction : action}
      </Button>
    </form>
  );
}

/** The address that an account is signed in to by. */
export function EmailField({ field, hint }: { field: FormField; hint?: string }) {
  return (
    <Field
      label={t('email')}
      type="email"
      autoComplete="username"
      autoCapitalize="off"
      spellCheck={false}
      hint={hint}
      {...field}
    />
  );
}

/** The ways in by other accounts, where the owner of this server has set some up. */
export function ProviderButtons({
  providers,
  path,
  intent,
}: {
  providers: readonly SignInProvider[];
  /** Where to continue afterwards. */
  path: string;
  intent?: ProviderIntent;
}) {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (providers.length === 0) return null;

  const go = async (id: string) => {
    setBusy(id);
    setProblem(null);
    try {
      await goToProvider(id, path, intent);
    } catch (error) {
      setBusy(null);
      if (!isAbort(error)) setProblem(problemText(error, PROVIDER_CODES));
    }
  };

  return (
    <div className="space-y-3">
      <p className="flex items-center gap-3 text-muted text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('or')}
      </p>
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          className="w-full"
          aria-disabled={busy !== null}
          onClick={() => busy === null && void go(id)}
        >
          {t('continueWith', { name })}
        </Button>
      ))}
      <FormProblem>{problem}</FormProblem>
    </div>
  );
}
