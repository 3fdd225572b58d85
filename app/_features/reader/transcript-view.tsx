'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { queryKeys, useSetting } from '@/app/_features/app';
import { deleteTranscript, useJobs, useSegments } from '@/app/_features/library';
import { positionInAddress, QueryProblem } from '@/app/_features/ui';
import {
  getPlaybackPosition,
  getSetting,
  type Mark,
  savePlaybackPosition,
  type TranscriptRecord,
} from '@/lib/client/store';
import type { Speaker } from '@/lib/transcript';
import { useTools } from './context';
import { Facts } from './facts';
import { followPlace } from './place';
import { useKeptSound } from './player';
import { Reader } from './reader';
import { tellFollow } from './reader-state';
import { TitleBox } from './title-box';
import { Toolbar } from './toolbar';

/**
 * Everything on the page of one transcript.
 * @param onLeaving told `true` when it is being deleted, `false` when that did not work
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
      heading={<TitleBox record={record} />}
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

/** Speed and follow-along as left the last time; the place asked for in the address. */
function useStoredChoices(): void {
  const { playback, reader } = useTools();
  const { data: rate } = useQuery({
    queryKey: queryKeys.setting('playbackRate'),
    queryFn: () => getSetting('playbackRate'),
  });
  const { data: follow } = useQuery({
    queryKey: queryKeys.setting('followAlong'),
    queryFn: () => getSetting('followAlong'),
  });
  const { data: slows } = useQuery({
    queryKey: queryKeys.setting('slowWhileTyping'),
    queryFn: () => getSetting('slowWhileTyping'),
  });
  const { data: shortcutChanges } = useQuery({
    queryKey: queryKeys.setting('shortcuts'),
    queryFn: () => getSetting('shortcuts'),
  });
  const { data: pedals } = useQuery({
    queryKey: queryKeys.setting('pedals'),
    queryFn: () => getSetting('pedals'),
  });
  useEffect(() => {
    if (pedals !== undefined) reader.setState({ pedals });
  }, [reader, pedals]);
  useEffect(() => {
    if (shortcutChanges !== undefined) reader.setState({ shortcutChanges });
  }, [reader, shortcutChanges]);
  useEffect(() => {
    if (slows !== undefined) playback.setSlowsForTyping(slows);
  }, [playback, slows]);
  useEffect(() => {
    if (rate !== undefined) playback.setRate(rate);
  }, [playback, rate]);
  useEffect(() => {
    if (follow !== undefined) tellFollow(reader, follow ? 'enable' : 'disable');
  }, [reader, follow]);
  useEffect(() => {
    const at = positionInAddress();
    if (at !== null) playback.seek(at);
  }, [playback]);
}

/** The place where one stopped to listen, from visit to visit. */
function usePlace(id: string): void {
  const { playback } = useTools();
  useEffect(() => {
    const place = {
      // a place in the address is wanted more
      read: async () => (positionInAddress() === null ? getPlaybackPosition(id) : null),
      keep: (placeMs: number) => {
        // nobody waits for it, and the next one is kept soon
        savePlaybackPosition(id, placeMs).catch((error: unknown) =>
          console.warn('The place in the recording was not kept', error),
        );
      },
    };
    return followPlace(playback, place, window);
  }, [id, playback]);
}
