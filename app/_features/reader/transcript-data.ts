import type { Settings } from '@/lib/client/store';
import type { Word } from '@/lib/transcript';

/** The choices of a reader that outlast the page. */
export type ReaderChoices = Pick<Settings, 'playbackRate' | 'followAlong'>;

/** Where the parts of a transcript's page get what is large: this browser's store, or a share. */
export interface TranscriptData {
  /** A hook: the words of the rows [from, to] by row, undefined until they are there. */
  useWords(from: number, to: number): (row: number) => Word[] | undefined;
  /** A hook: the waveform, undefined until it is there or when there is none. */
  useWaveform(durationMs: number): Uint8Array | undefined;
  /** Keeps choices for the next visit, where there is a place for them. */
  keep(choices: Partial<ReaderChoices>): void;
}
