'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { deleteFromAll } from '@/app/_features/library';
import { renameRemote } from '@/app/_features/sync';
import { Button, buttonClass, formatDate, formatDuration } from '@/app/_features/ui';
import type { RemoteTranscriptRecord } from '@/lib/client/store';
import { isolated } from '@/lib/core';
import { t } from './messages';
import { TitleBox } from './title-box';

/**
 * The page of a transcript that is on another device: what is known of it, and how to read it.
 * @param onLeaving called with `true` when it is being deleted, `false` when that did not work
 */
export function RemoteTranscriptView({
  record,
  onLeaving,
}: {
  record: RemoteTranscriptRecord;
  onLeaving: (leaving: boolean) => void;
}) {
  const { id, title, createdAt, durationMs, wordCount } = record;
  const router = useRouter();

  useEffect(() => {
    document.title = `${isolated(title)} · AI2Text`;
  }, [title]);

  const remove = async () => {
    onLeaving(true);
    if (await deleteFromAll(id, title)) router.push('/');
    else onLeaving(false);
  };

  return (
    <div className="max-w-prose">
      <TitleBox title={record.title} rename={(wanted) => renameRemote(id, wanted)} />
      <p className="mt-1 text-muted text-sm tabular-nums">
        {[formatDate(createdAt), formatDuration(durationMs), t('words', { count: wordCount })].join(
          ' · ',
        )}
      </p>
      <div className="mt-8 space-y-3">
        <h2 className="text-xl">{t('wordsElsewhere')}</h2>
        <p className="text-muted">{t.rich('elsewhereHint', { em: (name) => <em>{name}</em> })}</p>
      </div>
      <div className="mt-6 flex flex-wrap gap-2">
        <Link href="/" className={buttonClass('primary')}>
          {t('backToLibrary')}
        </Link>
        <Button tone="danger" icon={<Trash2 aria-hidden size={16} />} onClick={() => void remove()}>
          {t('deleteEverywhere')}
        </Button>
      </div>
    </div>
  );
}
