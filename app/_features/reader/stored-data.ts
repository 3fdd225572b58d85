'use client';

import { useWaveform, useWords } from '@/app/_features/library';
import { attempt } from '@/app/_features/ui';
import { setSetting } from '@/lib/client/store';
import type { TranscriptData } from './transcript-data';

/** A transcript of this browser's own store. */
export function storedData(id: string): TranscriptData {
  return {
    useWords: (from, to) => useWords(id, from, to),
    useWaveform: (durationMs) => useWaveform(id, durationMs),
    keep({ playbackRate, followAlong }) {
      if (playbackRate !== undefined) void attempt(() => setSetting('playbackRate', playbackRate));
      if (followAlong !== undefined) void attempt(() => setSetting('followAlong', followAlong));
    },
  };
}
