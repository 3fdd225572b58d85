'use client';

import { useSyncExternalStore } from 'react';
import { Button, Panel, showToast } from '@/app/_features/ui';
import { isPrivateSession, setPrivateSession } from '@/lib/core';
import { t } from './messages';

const never = () => () => undefined;
const notOnServer = () => false;

/** Begins a private session in this tab; the banner of one ends it. */
export function PrivatePanel() {
  const isPrivate = useSyncExternalStore(never, isPrivateSession, notOnServer);
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
