import { attempt } from '@/app/_features/ui';
import { joinPeaks } from '@/lib/client/playback';
import { getPeaks, getWords, readTranscript, setSetting } from '@/lib/client/store';
import type { TranscriptSource } from './transcript-source';

/** A transcript of this browser's own store. */
export function storedSource(id: string): TranscriptSource {
  return {
    id,
    readWords: (from, to) => getWords(id, from, to),
    readWaveform: async (durationMs) => joinPeaks(await getPeaks(id), durationMs),
    keep(choices) {
      // one by one, as they are stored
      for (const name of CHOICES) {
        const value = choices[name];
        if (value !== undefined) void attempt(() => setSetting(name, value));
      }
    },
  };
}

const CHOICES = ['playbackRate', 'followAlong', 'slowWhileTyping', 'shortcuts', 'pedals'] as const;

/** A whole transcript of this browser's own store, to be exported. @throws NOT_FOUND, STORE_FAILED */
export const readStored = (id: string) => readTranscript(id);
