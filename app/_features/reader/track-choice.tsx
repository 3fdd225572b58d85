'use client';

import { useState } from 'react';
import { transcribeTrack, transcribeTracks, useJobs } from '@/app/_features/library';
import { Button, Dialog, languageName, Select, trackLabel } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { t } from './messages';

/** One audio track, from 0, or each as a speaker. */
type Choice = number | 'each';

/** Which audio track the text is of, where the recording has several, and the choice of another, or of all. */
export function TrackChoice({ record }: { record: TranscriptRecord }) {
  const { id, audioTrack, audioTracks = [], isTrackPerSpeaker, wordCount, media } = record;
  const job = useJobs().jobs.find((one) => one.id === id);
  const [asked, setAsked] = useState<Choice | null>(null);
  const chosen: Choice | undefined = isTrackPerSpeaker ? 'each' : audioTrack?.index;
  if (chosen === undefined || audioTracks.length < 2) return null;

  const isBusy = job !== undefined && job.status !== 'failed' && job.status !== 'paused';
  const isKept = media === 'kept';
  const begin = (choice: Choice) => {
    setAsked(null);
    if (choice === 'each') void transcribeTracks(id, audioTracks.map(speakerOf));
    else void transcribeTrack(id, choice);
  };
  return (
    <div className="text-sm">
      <label className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted">{t('audioTrack')}</span>
        <Select
          value={chosen}
          disabled={isBusy || !isKept}
          onChange={({ target }) => {
            const choice = target.value === 'each' ? 'each' : Number(target.value);
            if (wordCount === 0) begin(choice);
            else setAsked(choice);
          }}
          className="min-w-0 max-w-full px-3 disabled:opacity-60"
        >
          {audioTracks.map((track, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is all that a track is known by
            <option key={index} value={index}>
              {trackLabel(track, index)}
            </option>
          ))}
          <option value="each">{t('eachTrack')}</option>
        </Select>
        {(isBusy || !isKept) && (
          <span className="text-muted">{isKept ? t('trackLater') : t('trackNotKept')}</span>
        )}
      </label>
      {asked !== null && (
        <Dialog title={titleOf(asked, chosen)} onClose={() => setAsked(null)}>
          <p className="text-sm">{warningOf(asked, chosen, audioTracks.length)}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(null)}>{t('keepText')}</Button>
            <Button tone="primary" onClick={() => begin(asked)}>
              {asked === 'each'
                ? t('transcribeTracks')
                : t('transcribeTrack', { track: asked + 1 })}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function titleOf(asked: Choice, chosen: Choice): string {
  if (asked === 'each') return t('askEachTrack');
  return chosen === 'each' ? t('askOneTrack') : t('askTrack');
}

function warningOf(asked: Choice, chosen: Choice, count: number): string {
  if (asked === 'each') return t('replaceByTracks', { count });
  if (chosen === 'each') return t('replaceTracks', { track: asked + 1 });
  return t('replaceText', { old: chosen + 1, track: asked + 1 });
}

/** What the speaker of a track is called until the user renames them. */
function speakerOf(
  { name, language }: NonNullable<TranscriptRecord['audioTracks']>[number],
  index: number,
): string {
  return name || (language && languageName(language)) || t('speakerNumber', { number: index + 1 });
}
