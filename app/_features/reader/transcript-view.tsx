'use client';

import { useRouter } from 'next/navigation';
import { useSetting } from '@/app/_features/app';
import { deleteTranscript, renameTranscript, useJobs, useSegments } from '@/app/_features/library';
import { QueryProblem } from '@/app/_features/ui';
import type { Mark, TranscriptRecord } from '@/lib/client/store';
import type { Speaker } from '@/lib/transcript';
import { Facts } from './facts';
import { useKeptSound } from './player';
import { Reader } from './reader';
import { TitleBox } from './title-box';
import { Toolbar } from './toolbar';
import { usePlace, useStoredChoices } from './use-stored-choices';

/**
 * Everything on the page of one transcript.
 * @param onLeaving called with `true` when it is being deleted, `false` when that did not work
 */
export function TranscriptView({
  record,
  onLeaving,
}: {
  record: TranscriptRecord;
  onLeaving: (leaving: boolean) => void;
}) {
  const { id, title } = record;
  const router = useRouter();
  const { data: segments, error, refetch } = useSegments(id);
  const hasFailed = useJobs().jobs.some((job) => job.id === id && job.status === 'failed');
  const sound = useKeptSound(record);
  const { options: spoken } = useSetting('exports');
  useStoredChoices();
  usePlace(id);

  const remove = async () => {
    onLeaving(true);
    if (await deleteTranscript(id, title)) router.push('/');
    else onLeaving(false);
  };

  return (
    <Reader
      title={title}
      heading={<TitleBox title={title} rename={(wanted) => renameTranscript(id, wanted)} />}
      facts={<Facts record={record} />}
      tools={<Toolbar record={record} onDelete={() => void remove()} />}
      segments={segments}
      problem={
        error &&
        !segments && (
          <div className="mt-4">
            <QueryProblem error={error} onRetry={() => void refetch()} />
          </div>
        )
      }
      state={hasFailed ? 'failed' : record.state}
      language={record.language}
      marks={record.marks ?? NO_MARKS}
      speakers={record.speakers ?? NO_SPEAKERS}
      spoken={spoken}
      sound={sound}
    />
  );
}

const NO_MARKS: Mark[] = [];
const NO_SPEAKERS: Speaker[] = [];
