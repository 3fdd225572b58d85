'use client';

import { usePrivateSession } from '@/app/_features/app';
import { Button, Panel, showToast } from '@/app/_features/ui';
import { setPrivateSession } from '@/lib/core';
import { t } from './messages';

/** Begins a private session in this tab; the banner of one ends it. */
export function PrivatePanel() {
  const isPrivate = usePrivateSession();
  const begin = () => {
    if (setPrivateSession(true)) window.location.assign('/');
    else showToast({ text: t('noPrivateHere'), tone: 'danger' });
  };
  return (
    <Panel split title={t('privateSession')}>
      <p className="text-sm">{t('privateHint')}</p>
      <div className="mt-3">
        {isPrivate ? (
          <p className="text-sm">{t('isPrivate')}</p>
        ) : (
          <Button onClick={begin}>{t('beginPrivate')}</Button>
        )}
      </div>
    </Panel>
  );
}
