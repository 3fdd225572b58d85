'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Download, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import {
  attempt,
  Button,
  buttonClass,
  focusMain,
  formatDate,
  formatDuration,
  IconButton,
  showToast,
  TransferBar,
  workerFailure,
} from '@/app/_features/ui';
import { addToLibrary, removeFromInbox, restoreToInbox, soundAddress } from '@/lib/client/inbox';
import type { OwnInboxItem } from '@/lib/contracts';
import { isolated } from '@/lib/core';
import { t } from './messages';

/** A recording of the inbox, and what can be done with it. */
export function InboxItem({ item, isInLibrary }: { item: OwnInboxItem; isInLibrary: boolean }) {
  const { id, state, error, isNew, isTeams, sealedTo, durationMs, createdAt } = item;
  const name = isolated(item.name);
  const remove = useRemove(id, name);
  const facts = [
    t(state),
    formatDate(createdAt),
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ...(sealedTo === null ? [] : [t('sealed')]),
    ...(isTeams ? [t('ofTeam')] : []),
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-1 gap-y-2 py-3 sm:gap-x-2">
      <div
        className={`min-w-0 flex-1 [overflow-wrap:anywhere] sm:basis-64 ${state === 'done' ? 'basis-full' : ''}`}
      >
        <p className="font-medium">
          {name}
          {isNew && (
            <span className="ms-2 rounded-full bg-accent px-2 py-0.5 text-on-accent text-xs">
              {t('new')}
            </span>
          )}
        </p>
        <p className="text-muted tabular-nums">{facts.join(' · ')}</p>
        {error !== null && state === 'failed' && (
          <p className="text-danger">{workerFailure(error.code)}</p>
        )}
      </div>
      {state === 'done' &&
        (isInLibrary ? (
          <Link
            href={`/transcripts/${item.transcriptId}`}
            aria-label={t('openOf', { name })}
            className={buttonClass()}
          >
            {t('open')}
          </Link>
        ) : (
          <AddButtons id={id} name={name} sizeBytes={item.sizeBytes} />
        ))}
      <div className="ms-auto flex">
        <IconButton label={t('downloadOf', { name })} onClick={() => void download(id)}>
          <Download aria-hidden size={18} />
        </IconButton>
        <IconButton label={t('removeOf', { name })} onClick={() => void remove()}>
          <Trash2 aria-hidden size={18} />
        </IconButton>
      </div>
    </li>
  );
}

/** Puts a transcript into the library, alone or with its recording. */
function AddButtons({ id, name, sizeBytes }: { id: string; name: string; sizeBytes: number }) {
  const router = useRouter();
  const [adding, setAdding] = useState<AbortController | null>(null);
  /** Of the recording. */
  const [doneBytes, setDoneBytes] = useState<number | null>(null);
  // a recording is not fetched to its end for a page that is gone
  useEffect(() => () => adding?.abort(), [adding]);
  const add = async (withSound: boolean) => {
    const controller = new AbortController();
    setAdding(controller);
    setDoneBytes(withSound ? 0 : null);
    let transcriptId = '';
    const done = await attempt(async () => {
      transcriptId = await addToLibrary(id, withSound ? setDoneBytes : null, controller.signal);
    });
    setAdding(null);
    // the button that had the focus is gone
    focusMain();
    if (!done) return;
    showToast({
      text: t('added', { name }),
      action: { label: t('open'), run: () => router.push(`/transcripts/${transcriptId}`) },
    });
  };
  if (adding)
    return (
      <div className="flex min-w-0 basis-full flex-wrap items-center gap-x-3 gap-y-2 sm:basis-64">
        <div className="min-w-0 flex-1">
          {doneBytes === null ? (
            <p role="status" className="text-muted">
              {t('adding')}
            </p>
          ) : (
            <TransferBar label={t('adding')} doneBytes={doneBytes} totalBytes={sizeBytes} />
          )}
        </div>
        <Button aria-label={t('cancelOf', { name })} onClick={() => adding.abort()}>
          {t('cancel')}
        </Button>
      </div>
    );
  return (
    <>
      <Button
        className="max-sm:px-2"
        aria-label={t('addOf', { name })}
        onClick={() => void add(false)}
      >
        {t('add')}
      </Button>
      <Button
        tone="quiet"
        className="max-sm:px-2"
        aria-label={t('addWithSoundOf', { name })}
        onClick={() => void add(true)}
      >
        {t('addWithSound')}
      </Button>
    </>
  );
}

/** Takes it off the list, and offers to bring it back. */
function useRemove(id: string, name: string): () => Promise<void> {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.inbox });
  return async () => {
    if (!(await attempt(() => removeFromInbox(id)))) return;
    await refresh();
    // the row goes away with the button that has the focus
    focusMain();
    showToast({
      text: t('removed', { name }),
      action: {
        label: t('undo'),
        run: async () => {
          await attempt(() => restoreToInbox(id));
          await refresh();
        },
      },
    });
  };
}

/** The answer is a download: the page stays. */
const download = (id: string) =>
  attempt(async () => window.location.assign(await soundAddress(id)));
