import type { ReactNode, SubmitEvent } from 'react';
import { Button, Field, type FormField, FormProblem } from '@/app/_features/ui';
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
