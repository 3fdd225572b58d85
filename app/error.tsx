'use client';

import { useEffect } from 'react';
import { t } from '@/app/_features/shell';
import { Button, CopyReport, errorSentence } from '@/app/_features/ui';
import { toAppError } from '@/lib/core';

/** A page that broke: what it stands on is stored, so trying again is safe. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  const { code, message } = toAppError(error);
  return (
    <div role="alert" className="max-w-prose space-y-4 py-16">
      <h1 className="text-3xl">{t('pageBroke')}</h1>
      <p>
        {errorSentence(code)} {t('transcriptsKept')}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" onClick={() => retry()}>
          {t('tryAgain')}
        </Button>
        <CopyReport report={() => JSON.stringify({ code, message }, null, 2)} />
      </div>
    </div>
  );
}
