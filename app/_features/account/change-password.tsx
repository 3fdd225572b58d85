'use client';

import { Button, Dialog, FormProblem, PasswordField, showToast, useForm } from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import { changePassword } from './account';
import { newPasswordText, PASSWORD_CODES, problemText } from './account-texts';
import { t } from './messages';
import { useRefresh } from './use-account';

/** Changes the user's own password, or sets a first one. */
export function ChangePassword({
  email,
  hasPassword,
  onClose,
}: {
  email: string;
  hasPassword: boolean;
  onClose: () => void;
}) {
  const refresh = useRefresh();
  const form = useForm({
    fields: ['current', 'next'],
    check: ({ current, next }) => ({
      current: hasPassword && current === '' ? t('enterYourCurrentPassword') : undefined,
      next: newPasswordText(next, email),
    }),
    async send({ current, next }) {
      await changePassword(current, next);
      await refresh();
      onClose();
      showToast({ text: t('passwordChanged') });
    },
    explain: (error) => problemText(error, PASSWORD_CODES),
  });
  return (
    <Dialog title={hasPassword ? t('changePassword') : t('setPassword')} onClose={onClose}>
      <form noValidate onSubmit={(event) => void form.submit(event)} className="space-y-4">
        {/* password managers file the new password under it */}
        <input type="email" name="email" value={email} readOnly hidden autoComplete="username" />
        {hasPassword && (
          <PasswordField
            label={t('currentPassword')}
            autoComplete="current-password"
            {...form.field('current')}
          />
        )}
        <PasswordField
          label={t('newPassword')}
          autoComplete="new-password"
          hint={t('passwordMin', { min: ACCOUNT_LIMITS.passwordMinChars })}
          {...form.field('next')}
        />
        <FormProblem>{form.problem}</FormProblem>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" aria-disabled={form.busy}>
            {form.busy ? t('changing') : t('savePassword')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
