'use client';

import { useState } from 'react';
import { Button, FormProblem } from '@/app/_features/ui';
import { isAbort } from '@/lib/core';
import { goToProvider, type ProviderIntent, type SignInProvider } from './account';
import { PROVIDER_CODES, problemText } from './account-texts';
import { t } from './messages';

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
