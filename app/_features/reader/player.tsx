'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { getApp, queryKeys } from '@/app/_features/app';
import { Notice, ProgressLine } from '@/app/_features/ui';
import type { Mark, SegmentRecord, TranscriptRecord } from '@/lib/client/store';
import type { AppError } from '@/lib/core';
import { usePlayback, useTools } from './context';
import { t } from './messages';
import { PlayerBar } from './player-bar';

/** What there is to play of a transcript's recording. */
type PlayableState =
  /** It is not known yet. */
  | { kind: 'looking' }
  | { kind: 'none' }
  /** A copy that plays right is being made; `percent` of it is there. */
  | { kind: 'making'; percent: number }
  /** It will be made once the transcription has finished. */
  | { kind: 'later' }
  | { kind: 'ready'; url: string; hasVideo: boolean; problem: AppError | null };

/**
 * What to play of the kept recording. Asked once for each visit: a new address would send the player
 * back to the start.
 */
function usePlayable({ id, media, state }: TranscriptRecord): PlayableState {
  const kept = media === 'kept';
  const { data, isError, refetch } = useQuery({
    queryKey: queryKeys.media(id),
    queryFn: () => getApp().playback.open(id),
    enabled: kept,
    staleTime: 0,
    gcTime: 0,
  });
  const waits = data?.kind === 'later';
  useEffect(() => {
    if (waits && state === 'complete') void refetch();
  }, [waits, state, refetch]);

  const file = data?.kind === 'ready' ? data.file : null;
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      setUrl(undefined);
      URL.revokeObjectURL(made);
    };
  }, [file]);
  const percent = useStore(getApp().playback.progress, (all) => all[id]);

  if (!kept || isError || data === null) return { kind: 'none' };
  if (percent !== undefined) return { kind: 'making', percent };
  if (data?.kind === 'later') return { kind: 'later' };
  if (data === undefined || url === undefined) return { kind: 'looking' };
  return { kind: 'ready', url, hasVideo: data.hasVideo, problem: data.problem };
}

/** What there is to hear. */
export interface Sound {
  /** What is played; `null` while there is nothing to play. */
  url: string | null;
  /** It will be there in a moment. */
  isComing: boolean;
  hasVideo: boolean;
  durationMs: number;
  /** Said where there is nothing to play, or not as it should be. */
  instead: ReactNode;
}

/** The kept recording of a transcript of this browser, or why there is none. */
export function useKeptSound(record: TranscriptRecord): Sound {
  const playable = usePlayable(record);
  const isReady = playable.kind === 'ready';
  return {
    url: isReady ? playable.url : null,
    isComing: playable.kind === 'looking' || playable.kind === 'making',
    hasVideo: isReady && playable.hasVideo,
    durationMs: record.durationMs,
    instead: instead(playable, record),
  };
}

/** What is to be said of a recording that is not there, not yet, or not as it should be. */
function instead(
  playable: PlayableState,
  { media, isTrackPerSpeaker }: TranscriptRecord,
): ReactNode {
  switch (playable.kind) {
    case 'looking':
      return null;
    case 'none':
      return <p>{t(`withoutRecording.${media}`)}</p>;
    case 'later':
      return <p>{t('playedLater')}</p>;
    case 'making':
      return (
        <ProgressLine label={t('preparing')} percent={playable.percent} hint={t('preparingHint')} />
      );
    case 'ready':
      return (
        playable.problem && (
          <>
            <p>{t(playable.problem.code === 'STORE_QUOTA' ? 'noRoomToPrepare' : 'notPrepared')}</p>
            {isTrackPerSpeaker && <p>{t('notMixed')}</p>}
          </>
        )
      );
  }
}

interface FrameProps extends Sound {
  marks: readonly Mark[];
  segments: readonly SegmentRecord[];
  /** The text. */
  children: ReactNode;
}

/** A recording around its text: a video beside it, sound alone without a picture. */
export function PlayerFrame({
  url,
  isComing,
  hasVideo,
  durationMs,
  marks,
  segments,
  instead,
  children,
}: FrameProps) {
  const { playback } = useTools();
  const unplayable = usePlayback((state) => state.status === 'unplayable');
  const willPlay = usePlayback((state) => state.willPlay);
  useEffect(() => playback.setComing(isComing), [playback, isComing]);
  const withPicture = url !== null && hasVideo && !unplayable;
  const remark = unplayable ? <p>{t('unplayable')}</p> : instead;
  return (
    <>
      {remark && (
        <div className="mt-4">
          <Notice tone="info">{remark}</Notice>
        </div>
      )}
      <div className={withPicture ? 'lg:grid lg:grid-cols-[minmax(0,1fr)_20rem] lg:gap-8' : ''}>
        {url !== null && (
          <div
            className={
              withPicture ? 'mt-4 lg:sticky lg:top-4 lg:order-last lg:self-start' : undefined
            }
          >
            <Media url={url} video={hasVideo} hidden={unplayable} />
          </div>
        )}
        <div className="min-w-0">{children}</div>
      </div>
      {(url !== null || willPlay) && !unplayable && (
        <PlayerBar durationMs={durationMs} marks={marks} segments={segments} />
      )}
    </>
  );
}

// the words stand beside it, marked as they are said: they are the captions
function Media({ url, video, hidden }: { url: string; video: boolean; hidden: boolean }) {
  const { playback } = useTools();
  const attach = useCallback(
    (element: HTMLMediaElement | null) => (element ? playback.attach(element) : undefined),
    [playback],
  );
  const shared = {
    'aria-label': t('recording'),
    src: url,
    preload: 'metadata',
    ref: attach,
  } as const;
  return video ? (
    <video
      {...shared}
      hidden={hidden}
      playsInline
      className="mx-auto max-h-[45vh] w-full rounded-xl bg-black"
      onClick={() => playback.toggle()}
    />
  ) : (
    <audio {...shared} />
  );
}
