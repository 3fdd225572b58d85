'use client';

import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { OfferNotice, useSession } from '@/app/_features/account';
import { useSetting } from '@/app/_features/app';
import { showOnOtherDevices, WaitingLine } from '@/app/_features/sync';
import { Button, focusMain, formatMoment, Notice, Panel, QueryProblem } from '@/app/_features/ui';
import type { RemoteTranscriptRecord, SearchHit, TranscriptRecord } from '@/lib/client/store';
import { LibraryRow, RemoteRow } from './library-row';
import { t } from './messages';
import { remoteTranscriptsQuery, transcriptsQuery, useSearch } from './use-library';

/** Asks once whether a user's other devices may know what is on this one; before that nothing is sent. */
function ShowChoice() {
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

interface Named {
  id: string;
  title: string;
  /** ISO 8601. */
  createdAt: string;
}

/**
 * Tells transcripts with the same title apart: by the second in which each was made, and by a number if several
 * were made in the same second (files that were added together).
 * @returns by id, only for transcripts that share their title
 */
export function momentsOfNamesakes(
  records: readonly Named[],
  locale?: string,
): Map<string, string> {
  const moments = new Map<string, string>();
  for (const namesakes of groupsBy(records, ({ title }) => looks(title)))
    for (const together of groupsBy(namesakes, ({ createdAt }) => formatMoment(createdAt, locale)))
      for (const [at, { id, createdAt }] of together.entries()) {
        const moment = formatMoment(createdAt, locale);
        const number =
          together.length > 1 ? t('numberOf', { value: at + 1, together: together.length }) : '';
        if (namesakes.length > 1) moments.set(id, moment + number);
      }
  return moments;
}

/** Titles count as equal if a reader would notice no difference. */
const looks = (title: string) => title.trim().replace(/\s+/g, ' ').toLowerCase();

/** Groups in a stable order, so that numbers do not depend on the order of the list. */
function groupsBy(records: readonly Named[], key: (record: Named) => string): Named[][] {
  const groups = new Map<string, Named[]>();
  for (const record of [...records].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const group = groups.get(key(record));
    if (group) group.push(record);
    else groups.set(key(record), [record]);
  }
  return [...groups.values()];
}

/** Every finished transcript, of this device and of the user's others, newest first; and the search. */
export function TranscriptLibrary() {
  const { data: records, error, refetch } = useQuery(transcriptsQuery);
  const { data: remote = NONE } = useQuery(remoteTranscriptsQuery);
  const [typed, setTyped] = useState('');
  const searching = typed.trim() !== '';
  const search = useSearch(typed);
  const answer = searching ? search.data : undefined;
  const complete = useMemo(() => listed(records ?? [], remote), [records, remote]);
  const moments = useMemo(() => momentsOfNamesakes(complete), [complete]);
  const rows = answer ? found(complete, answer.hits) : complete.map(withoutHit);

  return (
    <Panel
      title={t('transcripts')}
      aside={
        complete.length > 0 && (
          <div className="relative w-full sm:w-72">
            <Search
              aria-hidden
              size={16}
              className="pointer-events-none absolute top-3 start-3 text-muted"
            />
            <input
              type="search"
              aria-label={t('searchTranscripts')}
              placeholder={t('searchHint')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="min-h-10 w-full rounded-lg border border-line bg-surface pe-3 ps-9 text-sm placeholder:text-muted"
            />
          </div>
        )
      }
    >
      <OfferNotice />
      <ShowChoice />
      <WaitingLine />
      {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
      {records && complete.length === 0 && <p className="max-w-prose text-muted">{t('empty')}</p>}
      {searching && search.error && (
        <QueryProblem error={search.error} onRetry={() => void search.refetch()} />
      )}
      {/* always there: words that come into it are read aloud, a box that comes with them is not */}
      <p role="status" className={answer ? 'mb-2 text-muted text-sm' : 'sr-only'}>
        {answer &&
          (rows.length === 0
            ? t('nothingFound', { query: answer.query })
            : t('foundIn', { count: rows.length }))}
      </p>
      {records && !(searching && search.error) && (
        <ul aria-label={t('transcripts')} className="divide-y divide-line">
          {rows.map(({ record, hit }) =>
            'source' in record ? (
              <LibraryRow
                key={record.id}
                record={record}
                hit={hit}
                query={answer?.query ?? ''}
                madeAt={moments.get(record.id)}
              />
            ) : (
              <RemoteRow key={record.id} record={record} madeAt={moments.get(record.id)} />
            ),
          )}
        </ul>
      )}
    </Panel>
  );
}

/** A transcript of this device, or of another one of the user. */
type Listed = TranscriptRecord | RemoteTranscriptRecord;

const NONE: RemoteTranscriptRecord[] = [];

/** Finished ones of this device and those of others, newest first. */
function listed(records: TranscriptRecord[], remote: RemoteTranscriptRecord[]): Listed[] {
  const complete = records.filter((record) => record.state === 'complete');
  if (remote.length === 0) return complete;
  const all: Listed[] = [...complete, ...remote];
  return all.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}

interface Row {
  record: Listed;
  hit: SearchHit | null;
}

const withoutHit = (record: Listed): Row => ({ record, hit: null });

/** Hits beside their records; what is not finished or was deleted meanwhile is left out. */
function found(records: Listed[], hits: SearchHit[]): Row[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return hits.flatMap((hit) => {
    const record = byId.get(hit.transcriptId);
    return record ? [{ record, hit }] : [];
  });
}
