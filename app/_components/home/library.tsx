'use client';

import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import type { TranscriptRecord } from '@/lib/store/schema';
import type { SearchHit } from '@/lib/store/transcripts';
import { transcriptsQuery, useSearch } from '../../_hooks/use-library';
import { formatCount } from '../../_state/format';
import { Panel } from '../ui/panel';
import { QueryProblem } from '../ui/query-problem';
import { LibraryRow } from './library-row';

/** Every finished transcript, newest first, and the search over them. */
export function Library() {
  const { data: records, error, refetch } = useQuery(transcriptsQuery);
  const [typed, setTyped] = useState('');
  const searching = typed.trim() !== '';
  const search = useSearch(typed);
  const answer = searching ? search.data : undefined;
  const complete = (records ?? []).filter((record) => record.state === 'complete');
  const rows = answer ? found(complete, answer.hits) : complete.map(withoutHit);

  return (
    <Panel
      title="Transcripts"
      aside={
        complete.length > 0 && (
          <div className="relative w-full sm:w-72">
            <Search
              aria-hidden
              size={16}
              className="pointer-events-none absolute top-3 left-3 text-muted"
            />
            <input
              type="search"
              aria-label="Search transcripts"
              placeholder="Search titles and text"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="min-h-10 w-full rounded-lg border border-line bg-surface pr-3 pl-9 text-sm placeholder:text-muted"
            />
          </div>
        )
      }
    >
      {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
      {records && complete.length === 0 && (
        <p className="max-w-prose text-muted">
          Nothing here yet. When a recording is finished, its transcript appears here, and it is
          still here when you come back.
        </p>
      )}
      {searching && search.error && (
        <QueryProblem error={search.error} onRetry={() => void search.refetch()} />
      )}
      {/* always there: words that come into it are read aloud, a box that comes with them is not */}
      <p role="status" className={answer ? 'mb-2 text-muted text-sm' : 'sr-only'}>
        {answer &&
          (rows.length === 0
            ? `Nothing found for “${answer.query}”.`
            : `Found in ${formatCount(rows.length, 'transcript')}.`)}
      </p>
      {records && !(searching && search.error) && (
        <ul aria-label="Transcripts" className="divide-y divide-line">
          {rows.map(({ record, hit }) => (
            <LibraryRow key={record.id} record={record} hit={hit} query={answer?.query ?? ''} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface Row {
  record: TranscriptRecord;
  hit: SearchHit | null;
}

const withoutHit = (record: TranscriptRecord): Row => ({ record, hit: null });

/** Hits beside their records; what is not finished or was deleted meanwhile is left out. */
function found(records: TranscriptRecord[], hits: SearchHit[]): Row[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return hits.flatMap((hit) => {
    const record = byId.get(hit.transcriptId);
    return record ? [{ record, hit }] : [];
  });
}
