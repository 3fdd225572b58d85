'use client';

import { useQuery } from '@tanstack/react-query';
import { useSession } from '@/app/_features/account';
import { useSetting } from '@/app/_features/app';
import { showOnOtherDevices } from '@/app/_features/sync';
import { Button, focusMain, Notice } from '@/app/_features/ui';
import { t } from './messages';
import { transcriptsQuery } from './use-library';

/** Asks once whether a user's other devices may know what is on this one; before that nothing is sent. */
export function ShowChoice() {
  const session = useSession();
  const { owner, signedIn, shows } = useSetting('sync');
  const { data: records } = useQuery(transcriptsQuery);
  const user = session?.user.id;
  if (!signedIn || user === undefined || user !== owner || shows[user] !== undefined) return null;
  if (!records?.some(({ state }) => state === 'complete')) return null;
  const choose = async (show: boolean) => {
    await showOnOtherDevices(user, show);
    focusMain();
  };
  return (
    <section aria-label={t('deviceList')} className="mb-5">
      <Notice tone="info">
        <p className="font-medium">{t('askShowList')}</p>
        <p className="mt-1 text-muted">{t('askShowListHint')}</p>
        <div className="mt-3 flex flex-wrap gap-2">
          <Button tone="primary" onClick={() => void choose(true)}>
            {t('showList')}
          </Button>
          <Button onClick={() => void choose(false)}>{t('keepOnDevice')}</Button>
        </div>
      </Notice>
    </section>
  );
}
