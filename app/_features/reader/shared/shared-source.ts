import type { ShareDocument } from '@/lib/client/sharing';
import type { TranscriptSource } from '../transcript-source';

/** A shared transcript: all of it is in memory, and nothing of it is kept on this device. */
export function sharedSource({ transcript, audio }: ShareDocument): TranscriptSource {
  const wordsInMemory = (from: number, to: number) =>
    new Map(transcript.segments.slice(from, to).map(({ words }, at) => [from + at, words]));
  return {
    id: transcript.id,
    readWords: async (from, to) => wordsInMemory(from, to),
    wordsInMemory,
    readWaveform: async () => (audio ? Uint8Array.from(audio.peaks) : null),
    keep: () => undefined,
  };
}
