'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect } from 'react';
import { useSession } from '@/app/_features/account';
import { queryKeys, usePrivateSession, useSetting } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import {
  attempt,
  Button,
  buttonClass,
  FileButton,
  Notice,
  Panel,
  QueryProblem,
  saveAs,
  showToast,
} from '@/app/_features/ui';
import {
  chooseInboxKey,
  countUnread,
  fetchInbox,
  keepKey,
  keyFile,
  keyToSealTo,
  markInboxSeen,
  readKeyFile,
} from '@/lib/client/inbox';
import type { OwnInboxItem } from '@/lib/contracts';
import { isPrivateSession } from '@/lib/core';
import { InboxItem } from './inbox-item';
import { t } from './messages';
import { useIdsInLibrary, useInboxKeys } from './use-inbox';

/** On the page of the library: says that workers have transcribed something new. */
export function InboxNotice() {
  const session = useSession();
  const { data: unread = 0 } = useQuery({
    queryKey: queryKeys.unread,
    // without an answer nothing is shown: nobody has asked for it here
    queryFn: ({ signal }) => countUnread(signal),
    enabled: Boolean(session) && !isPrivateSession(),
    refetchOnWindowFocus: true,
    staleTime: 60_000,
  });
  if (unread === 0) return null;
  return (
    <Notice tone="info" isRow>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56">{t('unread', { count: unread })}</p>
        <Link href="/inbox" className={buttonClass()}>
          {t('goToInbox')}
        </Link>
      </div>
    </Notice>
  );
}

/** While something waits or is worked on, the list is asked for again after this, in ms: that takes minutes. */
const REFRESH_MS = 15_000;

/** What workers have transcribed for the user and the team. */
export function InboxPage() {
  usePageTitle(t('title'));
  const session = useSession();
  const isPrivate = usePrivateSession();
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div>
        <h1 className="text-2xl sm:text-3xl">{t('title')}</h1>
        <p className="mt-3 max-w-prose text-muted">{t('intro')}</p>
      </div>
      {isPrivate ? (
        <p>{t('noInboxInPrivate')}</p>
      ) : session === undefined ? (
        <Loading />
      ) : session === null ? (
        <div className="space-y-4">
          <p>{t('signedOut')}</p>
          <Link href="/sign-in?callbackUrl=%2Finbox" className={buttonClass('primary')}>
            {t('signIn')}
          </Link>
        </div>
      ) : (
        <Contents userId={session.user.id} />
      )}
    </div>
  );
}

const Loading = () => (
  <p role="status" className="text-muted text-sm">
    {t('loading')}
  </p>
);

const isUnderWay = ({ state }: OwnInboxItem) => state === 'waiting' || state === 'leased';

function Contents({ userId }: { userId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.inbox,
    queryFn: ({ signal }) => fetchInbox(signal),
    staleTime: 0,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state: { data: last } }) => last?.items.some(isUnderWay) && REFRESH_MS,
  });
  const inLibrary = useIdsInLibrary();
  const keys = useInboxKeys();
  useSeen(data?.items);
  if (!data)
    return error ? <QueryProblem error={error} onRetry={() => void refetch()} /> : <Loading />;
  const { items, publicKey } = data;
  const has = (wanted: string | null) =>
    wanted === null || keys === undefined || keys.some((key) => key.publicKey === wanted);
  const isKeyMissing = !has(publicKey) || !items.every(({ sealedTo }) => has(sealedTo));
  return (
    <>
      {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
      {isKeyMissing && <KeyFileChooser />}
      <Panel title={t('recordings')}>
        {items.length === 0 ? (
          <div className="space-y-2 text-sm">
            <p>{t('empty')}</p>
            <p className="text-muted [overflow-wrap:anywhere]">
              {t('emptyHint', { folder: `inbox/${userId}` })}
            </p>
          </div>
        ) : (
          <ul aria-label={t('recordings')} className="divide-y divide-line text-sm">
            {items.map((item) => (
              <InboxItem
                key={item.id}
                item={item}
                isInLibrary={inLibrary.includes(item.transcriptId)}
              />
            ))}
          </ul>
        )}
      </Panel>
      <KeyPanel publicKey={publicKey} />
    </>
  );
}

/** Notes that what is on the page was seen. It is marked as new there until the list is read again. */
function useSeen(items: readonly OwnInboxItem[] | undefined): void {
  const queries = useQueryClient();
  const newest = (items ?? [])
    .filter(({ isNew }) => isNew)
    .map(({ endedAt }) => endedAt ?? '')
    .toSorted()
    .at(-1);
  useEffect(() => {
    if (newest === undefined) return;
    markInboxSeen(newest).then(
      () => queries.setQueryData(queryKeys.unread, 0),
      () => undefined, // they are marked as new once more
    );
  }, [newest, queries]);
}

/** Whether the user's transcripts are sealed before the server gets them. @param publicKey `null`: they are not */
function KeyPanel({ publicKey }: { publicKey: string | null }) {
  const queries = useQueryClient();
  const keys = useSetting('inboxKeys');
  const here = keys.find((key) => key.publicKey === publicKey);
  const save = (key: Parameters<typeof keyFile>[0]) => saveAs(keyFile(key), keyFile(key).name);
  const choose = async (isSealed: boolean) => {
    const done = await attempt(async () => {
      if (!isSealed) return chooseInboxKey(null);
      const key = await keyToSealTo();
      // before anything is sealed to it
      save(key);
      return chooseInboxKey(key.publicKey);
    });
    await queries.invalidateQueries({ queryKey: queryKeys.inbox });
    if (done) showToast({ text: t(isSealed ? 'sealedNow' : 'unsealedNow') });
  };
  return (
    <Panel split title={t('privacy')}>
      <div className="space-y-4 text-sm">
        <p>{t(publicKey === null ? 'plainHint' : 'sealedHint')}</p>
        {here && <p className="text-muted">{t('keyFileHint')}</p>}
        <p className="text-muted">{t('soundHint')}</p>
        <div className="flex flex-wrap gap-2">
          {publicKey === null ? (
            <Button onClick={() => void choose(true)}>{t('seal')}</Button>
          ) : (
            <>
              {here && <Button onClick={() => save(here)}>{t('saveKey')}</Button>}
              <Button onClick={() => void choose(false)}>{t('unseal')}</Button>
            </>
          )}
        </div>
      </div>
    </Panel>
  );
}

/** Where a device lacks a key: says so, and takes the file that has it. */
function KeyFileChooser() {
  const read = async (file: File) => {
    const done = await attempt(async () => keepKey(await readKeyFile(file)), {
      BAD_REQUEST: t('noKeyFile'),
    });
    if (done) showToast({ text: t('keyKept') });
  };
  return (
    <Notice tone="warn" isRow>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56">{t('keyMissing')}</p>
        <FileButton accept=".json,application/json" onFile={(file) => void read(file)}>
          {t('chooseKeyFile')}
        </FileButton>
      </div>
    </Notice>
  );
}
