import { attempt } from '@/app/_features/ui';
import { joinPeaks } from '@/lib/client/playback';
import { getPeaks, getWords, setSetting } from '@/lib/client/store';
import type { TranscriptSource } from './transcript-source';

/** A transcript of this browser's own store. */
export function storedSource(id: string): TranscriptSource {
  return {
    id,
    async readWords(from, to) {
      const words = await getWords(id, from, to);
      const last = Math.max(from - 1, ...words.keys());
      return Array.from({ length: last + 1 - from }, (_, at) => words.get(from + at) ?? null);
    },
    readWaveform: async (durationMs) => joinPeaks(await getPeaks(id), durationMs),
    keep({ playbackRate, followAlong }) {
      if (playbackRate !== undefined) void attempt(() => setSetting('playbackRate', playbackRate));
      if (followAlong !== undefined) void attempt(() => setSetting('followAlong', followAlong));
    },
  };
}
