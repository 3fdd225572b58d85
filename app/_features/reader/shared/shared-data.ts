import type { ShareDocument } from '@/lib/client/sharing';
import type { TranscriptData } from '../transcript-data';

/** A shared transcript: all of it is here, and nothing of it is kept on this device. */
export function sharedData({ transcript, audio }: ShareDocument): TranscriptData {
  const rows = transcript.segments.map(({ words }) => words);
  const peaks = audio ? Uint8Array.from(audio.peaks) : undefined;
  return {
    useWords: () => (row) => rows[row],
    useWaveform: () => peaks,
    keep: () => undefined,
  };
}
