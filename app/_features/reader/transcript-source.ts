import type { Settings } from '@/lib/client/store';
import type { Word } from '@/lib/transcript';

/** The choices of a reader that outlast the page. */
export type ReaderChoices = Pick<
  Settings,
  'playbackRate' | 'followAlong' | 'slowWhileTyping' | 'shortcuts' | 'pedals'
>;

/** The words of rows by their `index`. */
export type WordsOfRows = ReadonlyMap<number, Word[]>;

/** Where a reader's words and waveform come from: this browser's store, or a share. */
export interface TranscriptSource {
  /** The transcript's id. */
  id: string;
  /** Reads the rows whose index is at least `from` and less than `to`. */
  readWords(from: number, to: number): Promise<WordsOfRows>;
  /** The same at once, where all words are in memory. */
  wordsInMemory?(from: number, to: number): WordsOfRows;
  /** Loudness over time, 0 to 255; `null` when there is none. */
  readWaveform(durationMs: number): Promise<Uint8Array | null>;
  /** Stores choices for the next visit, where there is a place for them. */
  keep(choices: Partial<ReaderChoices>): void;
}
