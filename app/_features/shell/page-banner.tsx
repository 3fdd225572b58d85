'use client';

import { Button, errorSentence, Notice, useBanner } from '@/app/_features/ui';
import { t } from './messages';

/** Says what keeps the whole page from working. */
export function PageBanner() {
  const banner = useBanner();
  if (banner === null) return null;
  return (
    <div role="alert" className="mx-auto mb-4 w-full max-w-4xl px-4 sm:px-6">
      <Notice tone="warn">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p>{banner === 'outdated' ? t('outdated') : errorSentence('STORE_BLOCKED')}</p>
          <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
        </div>
      </Notice>
    </div>
  );
}
