import type { ReactNode } from 'react';
import { Button, buttonClass, errorText } from '@/app/_features/ui';
import type { ErrorCode } from '@/lib/core';
import { t } from '../messages';

/** Said alike of links that are unknown, have expired or were revoked. */
export function NotAvailable() {
  return (
    <Problem title={t('linkNotAvailable')}>
      <p>{t('linkGoneHint')}</p>
    </Problem>
  );
}

/** Encryption needs a secure page. @param secure the same link for https, where it is whole */
export function NotSecure({ secure }: { secure: string | null }) {
  return (
    <Problem title={t('needsHttps')}>
      <p>{t('needsHttpsHint')}</p>
      {secure !== null && (
        <a href={secure} className={buttonClass('primary')}>
          {t('tryHttps')}
        </a>
      )}
    </Problem>
  );
}

/** Failures that pass by themselves. */
const PASSING: readonly ErrorCode[] = ['OFFLINE', 'CONNECTION_SLOW', 'SERVER_BUSY', 'UNKNOWN'];

/** Why a link could not be opened, and what to do. */
export function OpeningProblem({ code, onRetry }: { code: ErrorCode; onRetry?: () => void }) {
  const { happened, next } = errorText(code);
  return (
    <Problem title={code === 'SHARE_LINK_INVALID' ? t('linkNotAvailable') : t('linkNotOpened')}>
      <p>
        {happened} {next}
      </p>
      {code === 'SHARE_TOO_NEW' && (
        <Button tone="primary" onClick={() => window.location.reload()}>
          {t('reloadPage')}
        </Button>
      )}
      {onRetry && PASSING.includes(code) && (
        <Button tone="primary" onClick={onRetry}>
          {t('tryAgain')}
        </Button>
      )}
    </Problem>
  );
}

function Problem({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="alert" className="max-w-prose space-y-4 py-16">
      <h1 className="text-3xl">{title}</h1>
      <div className="space-y-4 text-muted">{children}</div>
    </div>
  );
}
