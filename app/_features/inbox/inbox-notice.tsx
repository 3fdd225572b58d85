'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSession } from '@/app/_features/account';
import { queryKeys } from '@/app/_features/app';
import { buttonClass, Notice } from '@/app/_features/ui';
import { countUnread } from '@/lib/client/inbox';
import { isPrivateSession } from '@/lib/core';
import { t } from './messages';

/** On the page of the library: says that workers have transcribed something new. */
export function InboxNotice() {
  const session = useSession();
  const { data: unread = 0 } = useQuery({
    queryKey: queryKeys.unread,
    // without an answer nothing is said: nobody has asked for it here
    queryFn: ({ signal }) => countUnread(signal),
    enabled: Boolean(session) && !isPrivateSession(),
    refetchOnWindowFocus: true,
    staleTime: 60_000,
  });
  if (unread === 0) return null;
  return (
    <Notice tone="info">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56">{t('unread', { count: unread })}</p>
        <Link href="/inbox" className={buttonClass()}>
          {t('goToInbox')}
        </Link>
      </div>
    </Notice>
  );
}
