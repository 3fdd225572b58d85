'use client';

import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { usePrivateSession } from '@/app/_features/app';
import { Button, Dialog, Notice } from '@/app/_features/ui';
import { setPrivateSession } from '@/lib/core';
import { t } from './messages';

/** Says on every page of a private session what it is, and ends it. */
export function PrivateBanner() {
  const isPrivate = usePrivateSession();
  const [asked, setAsked] = useState(false);
  if (!isPrivate) return null;
  return (
    <div className="mx-auto mb-4 w-full max-w-4xl px-4 sm:px-6">
      <Notice tone="info">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64">{t('privateSession')}</p>
          <Button onClick={() => setAsked(true)}>{t('endPrivate')}</Button>
        </div>
      </Notice>
      {asked && (
        <Dialog title={t('askEndPrivate')} onClose={() => setAsked(false)}>
          <p className="text-sm">{t('endPrivateHint')}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(false)}>{t('stayPrivate')}</Button>
            <Button
              tone="danger"
              onClick={() => {
                setPrivateSession(false);
                window.location.assign('/');
              }}
            >
              {t('endPrivate')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** Pages that are about an account. */
const OF_ACCOUNTS = /^\/(sign-in|setup|invite|reset)$/;

/** Whether a page cannot be had in this tab, since it is private. */
export function useNotPrivate(): boolean {
  const here = usePathname();
  return usePrivateSession() && OF_ACCOUNTS.test(here);
}
