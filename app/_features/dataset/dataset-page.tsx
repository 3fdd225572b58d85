'use client';

import Link from 'next/link';
import { useId } from 'react';
import { useSession } from '@/app/_features/account';
import { usePageTitle } from '@/app/_features/i18n';
import {
  attempt,
  Button,
  buttonClass,
  focusMain,
  formatDuration,
  formatNumber,
  languageName,
  Notice,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import type { DatasetEntry, DatasetFigures } from '@/lib/contracts';
import { isPrivateSession } from '@/lib/core';
import { t } from './messages';
import {
  useDataset,
  useOwnEntries,
  useRefreshDataset,
  useTitles,
  withdrawEntries,
} from './use-dataset';
import { TrainingPanel, VersionsPanel } from './versions-panel';

/** What the user gave, by recording, and the way to take it back. */
function OwnPanel() {
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

const HOUR_MS = 3_600_000;

/** What was given to the training set of this server, and its versions. */
export function DatasetPage() {
  usePageTitle(t('trainingSet'));
  const session = useSession();
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div>
        <h1 className="text-2xl sm:text-3xl">{t('trainingSet')}</h1>
        <p className="mt-3 max-w-prose text-muted">{t('trainingSetIntro')}</p>
      </div>
      {isPrivateSession() ? (
        <p>{t('noDatasetInPrivate')}</p>
      ) : session === undefined ? (
        <p role="status" className="text-muted text-sm">
          {t('checkingSignIn')}
        </p>
      ) : session === null ? (
        <SignedOut />
      ) : (
        <Contents isOwner={session.user.role === 'owner'} />
      )}
    </div>
  );
}

function SignedOut() {
  return (
    <div className="space-y-4">
      <p>{t('signedOut')}</p>
      <Link href="/sign-in?callbackUrl=%2Fdataset" className={buttonClass('primary')}>
        {t('signIn')}
      </Link>
    </div>
  );
}

function Contents({ isOwner }: { isOwner: boolean }) {
  const { data, error, refetch } = useDataset();
  if (!data)
    return error ? (
      <QueryProblem error={error} onRetry={() => void refetch()} />
    ) : (
      <p role="status" className="text-muted text-sm">
        {t('loadingFigures')}
      </p>
    );
  return (
    <>
      {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <Figures dataset={data} />
      {data.badLines.count > 0 && <BadLines {...data.badLines} />}
      <VersionsPanel dataset={data} isOwner={isOwner} />
      {isOwner && <TrainingPanel versions={data.versions} />}
      <OwnPanel />
    </>
  );
}

function Figures({ dataset: { total, byLanguage, byLevel } }: { dataset: DatasetFigures }) {
  return (
    <div className="space-y-6">
      <div className="grid grid-cols-3 gap-3">
        <Figure name={t('hours')} value={hoursText(total.durationMs)} />
        <Figure name={t('clipCount')} value={formatNumber(total.clips)} />
        <Figure name={t('speakers')} value={formatNumber(total.speakers)} />
      </div>
      {total.clips === 0 ? (
        <p>{t('nothingGiven')}</p>
      ) : (
        <div className="grid items-start gap-6 md:grid-cols-2">
          <FigureTable
            caption={t('byLanguage')}
            of={t('language')}
            rows={byLanguage.map(({ language, ...row }) => ({
              ...row,
              name: languageName(language),
            }))}
          />
          <FigureTable
            caption={t('byLevel')}
            of={t('checked')}
            rows={byLevel.map(({ level, ...row }) => ({ ...row, name: t(`level.${level}`) }))}
          />
        </div>
      )}
    </div>
  );
}

/** Hours with three digits after the point until there is one: few clips are not nothing. */
const hoursText = (ms: number) => formatNumber(ms / HOUR_MS, ms === 0 ? 0 : ms < HOUR_MS ? 3 : 1);

function Figure({ name, value }: { name: string; value: string }) {
  const id = useId();
  return (
    <figure
      aria-labelledby={id}
      className="rounded-lg border border-line bg-surface px-3 py-3 sm:px-4"
    >
      <figcaption id={id} className="text-muted text-sm">
        {name}
      </figcaption>
      <p className="font-serif text-2xl tabular-nums sm:text-3xl">{value}</p>
    </figure>
  );
}

function FigureTable({
  caption,
  of,
  rows,
}: {
  caption: string;
  of: string;
  rows: readonly (DatasetFigures['total'] & { name: string })[];
}) {
  return (
    <table className="w-full table-fixed text-start text-sm tabular-nums">
      <caption className="pb-2 text-start font-medium">{caption}</caption>
      <thead className="text-muted">
        <tr className="border-line border-b">
          <th scope="col" className="w-[28%] py-1.5 text-start font-normal sm:w-2/5">
            {of}
          </th>
          <th scope="col" className="py-1.5 text-end font-normal">
            {t('duration')}
          </th>
          <th scope="col" className="py-1.5 text-end font-normal">
            {t('clipCount')}
          </th>
          <th scope="col" className="py-1.5 text-end font-normal">
            {t('speakers')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, durationMs, clips, speakers }) => (
          <tr key={name} className="border-line border-b">
            <th scope="row" className="py-1.5 text-start font-normal">
              {name}
            </th>
            <td className="py-1.5 text-end">{formatDuration(durationMs)}</td>
            <td className="py-1.5 text-end">{formatNumber(clips)}</td>
            <td className="py-1.5 text-end">{formatNumber(speakers)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BadLines({ count, shown }: DatasetFigures['badLines']) {
  return (
    <Panel title={t('badLinesTitle')}>
      <Notice tone="warn">
        <p>{t('badLines', { count })}</p>
        <ul className="mt-2 space-y-1">
          {shown.map(({ object, line, reason }) => (
            <li key={`${object} ${line}`} className="[overflow-wrap:anywhere]">
              {t('badLine', { object, line, reason })}
            </li>
          ))}
        </ul>
      </Notice>
    </Panel>
  );
}
