'use client';

import { type ReactNode, useCallback } from 'react';
import type { TranscriptRecord } from '@/lib/store/schema';
import { useMediaUrl } from '../../_hooks/use-transcript';
import { Notice } from '../ui/notice';
import { usePlayback, useTools } from './context';
import { PlayerBar } from './player-bar';

/** The recording: a video beside the text, sound alone without a picture, or why there is none. */
export function Player({ record, children }: { record: TranscriptRecord; children: ReactNode }) {
  const url = useMediaUrl(record);
  const unplayable = usePlayback((state) => state.status === 'unplayable');
  const withPicture = typeof url === 'string' && record.hasVideo && !unplayable;
  return (
    <>
      {(url === null || unplayable) && (
        <div className="mt-4">
          <Notice tone="info">
            <p>{unplayable ? UNPLAYABLE : WITHOUT_RECORDING[record.media]}</p>
          </Notice>
        </div>
      )}
      <div className={withPicture ? 'lg:grid lg:grid-cols-[minmax(0,1fr)_20rem] lg:gap-8' : ''}>
        {typeof url === 'string' && (
          <div
            className={
              withPicture ? 'mt-4 lg:sticky lg:top-4 lg:order-last lg:self-start' : undefined
            }
          >
            <Media url={url} video={record.hasVideo} hidden={unplayable} />
          </div>
        )}
        <div className="min-w-0">{children}</div>
      </div>
      {typeof url === 'string' && !unplayable && <PlayerBar record={record} />}
    </>
  );
}

const UNPLAYABLE =
  'This browser cannot play this kind of recording, though it could be transcribed. The text is not affected.';

const WITHOUT_RECORDING = {
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
