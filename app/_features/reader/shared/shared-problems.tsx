import type { ReactNode } from 'react';
import { Button, buttonClass, errorText } from '@/app/_features/ui';
import type { ErrorCode } from '@/lib/core';

/** Said alike of links that are unknown, have expired or were revoked. */
export function NotAvailable() {
  return (
    <Problem title="This link is not available">
      <p>
        It may have expired or been taken back by whoever shared it, or a part of it is missing. Ask
        them for a new one.
      </p>
    </Problem>
  );
}

/** Encryption needs a secure page. @param secure the same link for https, where it is whole */
export function NotSecure({ secure }: { secure: string | null }) {
  return (
    <Problem title="This link needs a secure connection">
      <p>
        The transcript is decrypted in the browser, and browsers allow that only on pages that come
        over https. Ask whoever shared it for a link that begins with https.
      </p>
      {secure !== null && (
        <a href={secure} className={buttonClass('primary')}>
          Try it over https
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
    <Problem
      title={
        code === 'SHARE_LINK_INVALID'
          ? 'This link is not available'
          : 'This link could not be opened'
      }
    >
      <p>
        {happened} {next}
      </p>
      {code === 'SHARE_TOO_NEW' && (
        <Button tone="primary" onClick={() => window.location.reload()}>
          Reload the page
        </Button>
      )}
      {onRetry && PASSING.includes(code) && (
        <Button tone="primary" onClick={onRetry}>
          Try again
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
