'use client';

import { useState } from 'react';
import { attempt, Button, QueryProblem, showToast } from '@/app/_features/ui';
import { goToProvider, type SignInProvider, unlinkProvider } from './account';
import { ChangePassword } from './change-password';
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
      <h3 className="font-medium text-sm">Ways to sign in</h3>
      <ul className="mt-1 divide-y divide-line text-sm">
        <li className="flex flex-wrap items-center gap-x-3 py-1.5">
          <span className="min-w-0 flex-1">
            Password
            {!hasPassword && <span className="text-muted"> · none is set</span>}
          </span>
          <Button tone="quiet" onClick={() => setChanging(true)}>
            {hasPassword ? 'Change password' : 'Set password'}
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
    if (done) showToast({ text: `${name} no longer signs you in.` });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-1.5">
      <span className="min-w-0 flex-1">
        {name}
        <span className="text-muted">
          {isLinked ? (isLast ? ' · linked, and the only way in' : ' · linked') : ' · not linked'}
        </span>
      </span>
      {isLinked ? (
        <Button
          tone="quiet"
          disabled={isLast}
          aria-label={`Unlink ${name}`}
          onClick={() => void unlink()}
        >
          Unlink
        </Button>
      ) : (
        <Button tone="quiet" aria-label={`Link ${name}`} onClick={() => void link()}>
          Link
        </Button>
      )}
    </li>
  );
}
