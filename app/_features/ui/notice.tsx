'use client';

import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { toAppError } from '@/lib/core';
import { Button } from './button';
import { errorSentence } from './error-text';
import { t } from './messages';

const TONES = {
  info: { box: 'border-line bg-surface', mark: 'text-accent', Icon: Info },
  warn: { box: 'border-transparent bg-warn-soft', mark: 'text-warn', Icon: TriangleAlert },
  danger: { box: 'border-transparent bg-danger-soft', mark: 'text-danger', Icon: CircleAlert },
} as const;

/**
 * A boxed remark; its tone is carried by an icon as well as by colour.
 * @param isRow its text stands beside a button where there is room
 * @param isCompact one that stays in view: on a small screen it takes little of it
 */
export function Notice({
  tone,
  isRow = false,
  isCompact = false,
  children,
}: {
  tone: keyof typeof TONES;
  isRow?: boolean;
  isCompact?: boolean;
  children: ReactNode;
}) {
  const { box, mark, Icon } = TONES[tone];
  const small = isCompact ? 'max-sm:items-center max-sm:gap-2 max-sm:px-2 max-sm:py-1.5' : '';
  return (
    <div
      className={`flex gap-3 rounded-lg border px-4 py-3 text-sm ${isRow ? 'sm:items-center' : ''} ${small} ${box}`}
    >
      <Icon aria-hidden size={18} className={`mt-0.5 shrink-0 ${mark}`} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/**
 * Says that something could not be read, and offers to read it again. Says nothing of a blocked
 * database: the banner above the page does, and only a reload helps then.
 */
export function QueryProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { code } = toAppError(error);
  if (code === 'STORE_BLOCKED') return null;
  return (
    <div role="alert">
      <Notice tone="danger" isRow>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">{errorSentence(code)}</p>
          <Button onClick={onRetry}>{t('tryAgain')}</Button>
        </div>
      </Notice>
    </div>
  );
}
