'use client';

import Link from 'next/link';
import { useId } from 'react';
import { useSession } from '@/app/_features/account';
import { usePageTitle } from '@/app/_features/i18n';
import {
  buttonClass,
  formatDuration,
  formatNumber,
  languageName,
  Notice,
  Panel,
  QueryProblem,
} from '@/app/_features/ui';
import type { DatasetFigures } from '@/lib/contracts';
import { isPrivateSession } from '@/lib/core';
import { useDataset } from './dataset-server';
import { t } from './messages';
import { OwnPanel } from './own-panel';
import { TrainingPanel } from './training-panel';
import { VersionsPanel } from './versions-panel';

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
    <table className="w-full text-start text-sm tabular-nums">
      <caption className="pb-2 text-start font-medium">{caption}</caption>
      <thead className="text-muted">
        <tr className="border-line border-b">
          <th scope="col" className="py-1.5 text-start font-normal">
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
