'use client';

import { Button, Field, FormProblem, PasswordField, useForm } from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import { checkReset, resetPassword } from './account';
import { signInBy } from './account-switch';
import { newPasswordText, problemText, RESET_CODES } from './account-texts';
import { LinkPage } from './link-page';

/** Lets a member choose a new password by a link that the owner made. */
export function ResetPage() {
  return (
    <LinkPage
      title="Choose a new password"
      name="reset"
      missing="This page needs the whole link that the owner of this server sent."
      codes={RESET_CODES}
      check={checkReset}
    >
      {(token, { email }) => <ResetForm token={token} email={email} />}
    </LinkPage>
  );
}

function ResetForm({ token, email }: { token: string; email: string }) {
  const form = useForm({
    fields: ['password'],
    check: ({ password }) => ({ password: newPasswordText(password, email) }),
    send: ({ password }) =>
      signInBy(
        () => resetPassword(token, password),
        '/',
        'Your password was changed, and you are signed in.',
      ),
    explain: (error) => problemText(error, RESET_CODES),
  });
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} className="space-y-4">
      <Field label="Email" name="email" value={email} readOnly autoComplete="username" />
      <PasswordField
        label="New password"
        autoComplete="new-password"
        hint={`At least ${ACCOUNT_LIMITS.passwordMinChars} characters. You are signed out everywhere else.`}
        {...form.field('password')}
      />
      <FormProblem>{form.problem}</FormProblem>
      <Button type="submit" tone="primary" className="w-full" aria-disabled={form.busy}>
        {form.busy ? 'Changing it …' : 'Change password and sign in'}
      </Button>
    </form>
  );
}
