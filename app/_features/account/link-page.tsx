'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button, FormPage, FormProblem } from '@/app/_features/ui';
import { toAppError } from '@/lib/core';
import { type CodeTexts, problemText } from './account-texts';
import { t } from './messages';
import { useLinkToken } from './use-account';

/** Worth trying again: nothing is wrong with the link. */
const PASSING = new Set(['OFFLINE', 'CONNECTION_SLOW', 'SERVER_BUSY', 'RATE_LIMITED', 'UNKNOWN']);

/**
 * A page that a link with a secret opens: it looks the secret up, and says plainly when the link does
 * not work and what to do then.
 */
export function LinkPage<T>({
  title,
  name,
  missing,
  codes,
  check,
  children,
}: {
  title: string;
  /** Tells its answers from those of other pages. */
  name: string;
  /** Said when the address has no secret. */
  missing: string;
  codes: CodeTexts;
  check: (token: string, signal: AbortSignal) => Promise<T>;
  children: (token: string, found: T) => ReactNode;
}) {
  const token = useLinkToken();
  const { data, error, refetch } = useQuery({
    queryKey: ['link', name, token],
    // a query's answer is never `undefined`
    queryFn: async ({ signal }) => ({ found: await check(token ?? '', signal) }),
    enabled: token !== null && token !== '',
    gcTime: 0,
  });
  return (
    <FormPage title={title}>
      {token === '' && <p>{missing}</p>}
      {error && !data && (
        <>
          <FormProblem>{problemText(error, codes)}</FormProblem>
          {PASSING.has(toAppError(error).code) && (
            <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
          )}
        </>
      )}
      {!data && !error && token !== '' && (
        <p role="status" className="text-muted text-sm">
          {t('checkingLink')}
        </p>
      )}
      {token && data && children(token, data.found)}
    </FormPage>
  );
}
