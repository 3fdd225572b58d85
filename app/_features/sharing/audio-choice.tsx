'use client';

import { useId } from 'react';
import { formatBytes } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { MAX_AUDIO_BYTES, sealedBytes } from '@/lib/contracts';
import { t } from './messages';

/** Whether the recording goes with the text; only where it is kept. */
export function AudioChoice({ record }: { record: TranscriptRecord }) {
  const id = useId();
  const { media, source, playable } = record;
  // what is played here is what is shared
  const { sizeBytes, hasVideo } = playable ?? { ...source, hasVideo: record.hasVideo };
  if (media !== 'kept') return <p className="text-muted text-sm">{t('recordingNotKept')}</p>;
  const tooLarge = sealedBytes(sizeBytes) > MAX_AUDIO_BYTES;
  const size = formatBytes(sizeBytes);
  return (
    <div>
      <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 text-sm">
        <input
          type="checkbox"
          name="audio"
          disabled={tooLarge}
          aria-describedby={id}
          className="size-4 accent-(--accent)"
        />
        {t('includeAudio')}
      </label>
      <p id={id} className="text-muted text-sm">
        {tooLarge
          ? t('tooLargeToShare', { size, most: formatBytes(MAX_AUDIO_BYTES) })
          : t(hasVideo ? 'withPicture' : 'audioSize', { size })}
      </p>
    </div>
  );
}
