'use client';

import {
  attempt,
  Button,
  focusMain,
  formatDuration,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import type { DatasetEntry } from '@/lib/contracts';
import { useOwnEntries, useRefreshDataset, withdrawEntries } from './dataset-server';
import { t } from './messages';
import { useTitles } from './use-giving';

/** What the user gave, by recording, and the way to take it back. */
export function OwnPanel() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOwnEntries();
  const titles = useTitles();
  const all = data?.pages.flatMap(({ items }) => items) ?? [];
  const entries = all.filter(isLeft);
  return (
    <Panel title={t('own')}>
      {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
      {data && entries.length === 0 && !hasNextPage && <p>{t('nothingOwn')}</p>}
      {(entries.length > 0 || hasNextPage) && (
        <div className="space-y-6">
          <p className="text-muted text-sm">{t('ownHint')}</p>
          {[...byRecording(entries)].map(([recording, own]) => (
            <RecordingEntries key={recording} title={titles.get(recording) ?? null} entries={own} />
          ))}
          {hasNextPage && (
            <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('more')}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

/** An entry that is, or is to be, in a version. */
type LeftEntry = DatasetEntry & { state: 'waiting' | 'published' };

const isLeft = (entry: DatasetEntry): entry is LeftEntry => entry.state !== 'withdrawn';

function byRecording(entries: readonly LeftEntry[]): Map<string, LeftEntry[]> {
  const groups = new Map<string, LeftEntry[]>();
  for (const entry of entries) {
    const key = entry.recording ?? '';
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return groups;
}

function RecordingEntries({
  title,
  entries,
}: {
  title: string | null;
  entries: readonly LeftEntry[];
}) {
  const refresh = useRefreshDataset();
  const withdraw = async (which: readonly LeftEntry[]) => {
    const isDone = await attempt(() => withdrawEntries(which));
    await refresh();
    // the button goes away with what it was for
    focusMain();
    if (isDone) showToast({ text: t('withdrawnToast', { count: which.length }) });
  };
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="min-w-0 font-medium text-base [overflow-wrap:anywhere]">
          {title === null ? t('otherRecording') : t('recordingOf', { title })}
        </h3>
        {entries.length > 1 && (
          <Button onClick={() => void withdraw(entries)}>{t('withdrawAll')}</Button>
        )}
      </div>
      <ul className="mt-1 divide-y divide-line text-sm">
        {entries.map((entry) => (
          <li key={entry.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <span className="min-w-0 flex-1 basis-48">
              <span dir="auto" className="[overflow-wrap:anywhere]">
                {entry.text}
              </span>
              <span className="block text-muted tabular-nums">{entryFacts(entry)}</span>
            </span>
            <Button
              aria-label={t('withdrawEntry', { text: entry.text })}
              onClick={() => void withdraw([entry])}
            >
              {t('withdraw')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function entryFacts({ durationMs, language, level, licence, state, version }: LeftEntry): string {
  const where =
    state === 'published' ? t('entry.published', { version: version ?? '' }) : t(`entry.${state}`);
  return [formatDuration(durationMs), language, t(`level.${level}`), licence, where].join(' · ');
}
