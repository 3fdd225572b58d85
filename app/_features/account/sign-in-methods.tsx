'use client';

import { useState } from 'react';
import {
  attempt,
  Button,
  Dialog,
  FormProblem,
  PasswordField,
  QueryProblem,
  showToast,
  useForm,
} from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import {
  changePassword,
  goToProvider,
  type SignInProvider,
  unlinkProvider,
  useRefresh,
  useSignInMethods,
} from './account';
import { newPasswordText, PASSWORD_CODES, problemText } from './account-texts';
import { t } from './messages';
import type { SessionUser } from './session';

/** The user's password and the accounts at providers that sign them in. */
export function SignInMethods({ user }: { user: SessionUser }) {
  const { data, error, refetch } = useSignInMethods();
  const [changing, setChanging] = useState(false);
  if (!data) return error && <QueryProblem error={error} onRetry={() => void refetch()} />;
  const { hasPassword, linked, providers } = data;
  // a provider that is no longer set up can still be unlinked
  const known = new Set(providers.map(({ id }) => id));
  const former = linked.filter((id) => !known.has(id)).map((id) => ({ id, name: id }));

  return (
    <div>
      <h3 className="font-medium text-sm">{t('waysToSignIn')}</h3>
      <ul className="mt-1 divide-y divide-line text-sm">
        <li className="flex flex-wrap items-center gap-x-3 py-1.5">
          <span className="min-w-0 flex-1">
            {t('password')}
            {!hasPassword && <span className="text-muted"> {` · ${t('noneSet')}`}</span>}
          </span>
          <Button tone="quiet" className="last:-me-3.5" onClick={() => setChanging(true)}>
            {hasPassword ? t('changePassword') : t('setPassword')}
          </Button>
        </li>
        {[...providers, ...former].map((provider) => (
          <Provider
            key={provider.id}
            provider={provider}
            isLinked={linked.includes(provider.id)}
            isLast={!hasPassword && linked.length === 1}
          />
        ))}
      </ul>
      {changing && (
        <ChangePassword
          email={user.email}
          hasPassword={hasPassword}
          onClose={() => setChanging(false)}
        />
      )}
    </div>
  );
}

function Provider({
  provider: { id, name },
  isLinked,
  isLast,
}: {
  provider: SignInProvider;
  isLinked: boolean;
  /** Nothing else would sign the user in. */
  isLast: boolean;
}) {
  const refresh = useRefresh();
  const link = () => attempt(() => goToProvider(id, '/settings', { kind: 'link' }));
  const unlink = async () => {
    const done = await attempt(() => unlinkProvider(id));
    await refresh();
    if (done) showToast({ text: t('unlinked', { name }) });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-1.5">
      <span className="min-w-0 flex-1">
        {name}
        <span className="text-muted">
          {' · '}
          {isLinked ? (isLast ? t('linkedOnlyWay') : t('linked')) : t('notLinked')}
        </span>
      </span>
      {isLinked ? (
        <Button
          tone="quiet"
          className="last:-me-3.5"
          disabled={isLast}
          aria-label={t('unlinkName', { name })}
          onClick={() => void unlink()}
        >
          {t('unlink')}
        </Button>
      ) : (
        <Button
          tone="quiet"
          className="last:-me-3.5"
          aria-label={t('linkName', { name })}
          onClick={() => void link()}
        >
          {t('link')}
        </Button>
      )}
    </li>
  );
}

/** Changes the user's own password, or sets a first one. */
function ChangePassword({
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
