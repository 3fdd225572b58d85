'use client';

import { useState } from 'react';
import { transcribeTrack, useJobs } from '@/app/_features/library';
import { Button, Dialog, trackLabel } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { t } from './messages';

/** Which audio track the text is of, where the recording has several, and the choice of another. */
export function TrackChoice({ record }: { record: TranscriptRecord }) {
  const { id, audioTrack, audioTracks = [], wordCount, media } = record;
  const job = useJobs().jobs.find((one) => one.id === id);
  const [asked, setAsked] = useState<number | null>(null);
  if (!audioTrack || audioTracks.length < 2) return null;

  const isBusy = job !== undefined && job.status !== 'failed' && job.status !== 'paused';
  const isKept = media === 'kept';
  const begin = (track: number) => {
    setAsked(null);
    void transcribeTrack(id, track);
  };
  return (
    <div className="text-sm">
      <label className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted">{t('audioTrack')}</span>
        <select
          value={audioTrack.index}
          disabled={isBusy || !isKept}
          onChange={({ target }) => {
            const track = Number(target.value);
            if (wordCount === 0) begin(track);
            else setAsked(track);
          }}
          className="min-h-10 min-w-0 max-w-full rounded-lg border border-line bg-surface px-3 disabled:opacity-60"
        >
          {audioTracks.map((track, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is all that a track is known by
            <option key={index} value={index}>
              {trackLabel(track, index)}
            </option>
          ))}
        </select>
        {(isBusy || !isKept) && (
          <span className="text-muted">{isKept ? t('trackLater') : t('trackNotKept')}</span>
        )}
      </label>
      {asked !== null && (
        <Dialog title={t('askTrack')} onClose={() => setAsked(null)}>
          <p className="text-sm">
            {t('replaceText', { old: audioTrack.index + 1, track: asked + 1 })}
          </p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(null)}>{t('keepText')}</Button>
            <Button tone="primary" onClick={() => begin(asked)}>
              {t('transcribeTrack', { track: asked + 1 })}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
