'use client';

import { usePageTitle } from '@/app/_features/i18n';
import { Field, PasswordField, useForm } from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import { checkReset, resetPassword } from './account';
import { AccountForm } from './account-form';
import { signInBy } from './account-switch';
import { newPasswordText, problemText, RESET_CODES } from './account-texts';
import { LinkPage } from './link-page';
import { t } from './messages';

/** Lets a member choose a new password by a link that the owner made. */
export function ResetPage() {
  usePageTitle(t('newPassword'));
  return (
    <LinkPage
      title={t('chooseNewPassword')}
      name="reset"
      missing={t('resetLinkMissing')}
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
    send: ({ password }) => signInBy(() => resetPassword(token, password), '/', t('passwordReset')),
    explain: (error) => problemText(error, RESET_CODES),
  });
  return (
    <AccountForm
      form={form}
      problem={form.problem}
      action={t('changeAndSignIn')}
      busyAction={t('changing')}
    >
      <Field label={t('email')} name="email" value={email} readOnly autoComplete="username" />
      <PasswordField
        label={t('newPassword')}
        autoComplete="new-password"
        hint={t('passwordMinSignedOut', { min: ACCOUNT_LIMITS.passwordMinChars })}
        {...form.field('password')}
      />
    </AccountForm>
  );
}
