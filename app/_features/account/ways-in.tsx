'use client';

import { useState } from 'react';
import { attempt, Button, QueryProblem, showToast } from '@/app/_features/ui';
import { goToProvider, type SignInProvider, unlinkProvider } from './account';
import { ChangePassword } from './change-password';
import { t } from './messages';
import type { SessionUser } from './session';
import { useRefresh, useWaysIn } from './use-account';

/** The user's password and the accounts at providers that sign them in. */
export function WaysIn({ user }: { user: SessionUser }) {
  const { data, error, refetch } = useWaysIn();
  const [changing, setChanging] = useState(false);
  if (!data) return error && <QueryProblem error={error} onRetry={() => void refetch()} />;
  const { hasPassword, linked, providers } = data;
  // one that is no longer set up can still be taken away
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
          <Button tone="quiet" onClick={() => setChanging(true)}>
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
          disabled={isLast}
          aria-label={t('unlinkName', { name })}
          onClick={() => void unlink()}
        >
          {t('unlink')}
        </Button>
      ) : (
        <Button tone="quiet" aria-label={t('linkName', { name })} onClick={() => void link()}>
          {t('link')}
        </Button>
      )}
    </li>
  );
}
