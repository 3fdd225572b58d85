'use client';

import { type ReactNode, useCallback } from 'react';
import type { Mark } from '@/lib/record/types';
import type { TranscriptRecord } from '@/lib/store/schema';
import { useMediaUrl } from '../../_hooks/use-transcript';
import { Notice } from '../ui/notice';
import { usePlayback, useTools } from './context';
import { PlayerBar } from './player-bar';

/** The kept recording of a transcript of this browser, or why there is none. */
export function Player({ record, children }: { record: TranscriptRecord; children: ReactNode }) {
  const url = useMediaUrl(record);
  return (
    <PlayerFrame
      url={url ?? null}
      hasVideo={record.hasVideo}
      durationMs={record.durationMs}
      marks={record.marks ?? []}
      instead={url === null && <p>{WITHOUT_RECORDING[record.media]}</p>}
    >
      {children}
    </PlayerFrame>
  );
}

interface FrameProps {
  /** What is played; `null` while there is nothing to play. */
  url: string | null;
  hasVideo: boolean;
  durationMs: number;
  marks: readonly Mark[];
  /** Said where there is nothing to play. */
  instead: ReactNode;
  /** The text. */
  children: ReactNode;
}

/** A recording around its text: a video beside it, sound alone without a picture. */
export function PlayerFrame({ url, hasVideo, durationMs, marks, instead, children }: FrameProps) {
  const unplayable = usePlayback((state) => state.status === 'unplayable');
  const withPicture = url !== null && hasVideo && !unplayable;
  const remark = unplayable ? <p>{UNPLAYABLE}</p> : instead;
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
      {url !== null && !unplayable && <PlayerBar durationMs={durationMs} marks={marks} />}
    </>
  );
}

const UNPLAYABLE =
  'This browser cannot play this kind of recording, though it could be transcribed. The text is not affected.';

const WITHOUT_RECORDING = {
  recording: 'This is being recorded: it can be played when the recording is stopped.',
  copying: 'The recording is still being saved in this browser: it can be played once it is there.',
  none: 'The recording is not kept in this browser, so it cannot be played. The text is not affected.',
  kept: 'The recording cannot be found in this browser any more, so it cannot be played. The text is not affected.',
};

// the words stand beside it, marked as they are said: they are the captions
function Media({ url, video, hidden }: { url: string; video: boolean; hidden: boolean }) {
  const { playback } = useTools();
  const attach = useCallback(
    (element: HTMLMediaElement | null) => (element ? playback.attach(element) : undefined),
    [playback],
  );
  const shared = { 'aria-label': 'Recording', src: url, preload: 'metadata', ref: attach } as const;
  return video ? (
    <video
      {...shared}
      hidden={hidden}
      playsInline
      className="mx-auto max-h-[45vh] w-full rounded-xl bg-black"
      onClick={playback.toggle}
    />
  ) : (
    <audio {...shared} />
  );
}
