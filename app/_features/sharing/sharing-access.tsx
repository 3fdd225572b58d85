'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sessionQuery } from '@/app/_features/account';
import { Notice, QueryProblem } from '@/app/_features/ui';
import { canEncrypt } from '@/lib/client/sharing';
import { t } from './messages';

/** Shows how to share to somebody signed in, on a page on which browsers encrypt; else what is missing. */
export function SharingAccess({
  signedOut,
  children,
}: {
  /** What somebody without an account sees. */
  signedOut: ReactNode;
  children: ReactNode;
}) {
  return canEncrypt() ? (
    <SignedInOnly signedOut={signedOut}>{children}</SignedInOnly>
  ) : (
    <Notice tone="warn">
      <p>{t('notSecure')}</p>
    </Notice>
  );
}

function SignedInOnly({ signedOut, children }: { signedOut: ReactNode; children: ReactNode }) {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (session !== undefined) return session === null ? signedOut : children;
  return error ? (
    <QueryProblem error={error} onRetry={() => void refetch()} />
  ) : (
    <p role="status" className="text-muted text-sm">
      {t('checkingSignIn')}
    </p>
  );
}
