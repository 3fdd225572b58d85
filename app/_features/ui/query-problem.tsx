'use client';

import { toAppError } from '@/lib/core';
import { Button } from './button';
import { errorSentence } from './error-text';
import { t } from './messages';
import { Notice } from './notice';

/**
 * Says that something could not be read, and offers to read it again. Says nothing of a blocked
 * database: the banner above the page does, and only a reload helps then.
 */
export function QueryProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { code } = toAppError(error);
  if (code === 'STORE_BLOCKED') return null;
  return (
    <div role="alert">
      <Notice tone="danger">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">{errorSentence(code)}</p>
          <Button onClick={onRetry}>{t('tryAgain')}</Button>
        </div>
      </Notice>
    </div>
  );
}
