'use client';

import { Button, CopyLink } from '@/app/_features/ui';
import { t } from './messages';

/** The link that was made, ready to be copied. */
export function NewLink({ link, onAnother }: { link: string; onAnother: () => void }) {
  return (
    <div className="space-y-3">
      <CopyLink label={t('shareLink')} link={link} />
      <p className="text-muted text-sm">{t('linkHint')}</p>
      <Button onClick={onAnother}>{t('createAnotherLink')}</Button>
    </div>
  );
}
