import type { CaptureSource, Mark } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';

/** One of the two things sound can come from. */
export type CaptureInput = 'microphone' | 'display';

/** One word of the live text; samples at 16 kHz from the start of the recording, pauses left out. */
export interface LiveWord {
  text: string;
  /** The better model wrote it: it is final. */
  isSecond?: true;
  startSample: number;
  endSample: number;
}

/** What a step of live recognition brought. */
export interface LiveUpdate {
  /** Words that are now settled: they follow those settled before and do not change any more. */
  settled: LiveWord[];
  /** What is heard behind them so far; replaces the partial words before. */
  partial: LiveWord[];
  /** The speaker stopped: what comes next is a new paragraph. */
  endsParagraph: boolean;
}

/** Settled words of one paragraph; the latest one may still grow, and has none at first. */
export interface LiveParagraph {
  startSample: number;
  words: readonly LiveWord[];
}

/**
 * - `interrupted`: an input ended (unplugged, sharing stopped) and nothing is left to record; it
 *   can be resumed with another one, or stopped
 * - `finishing`: the file is being closed; then the job of the final pass is queued
 */
export type RecordingPhase =
  | 'idle'
  | 'starting'
  | 'recording'
  | 'paused'
  | 'interrupted'
  | 'finishing';

/** Something about the recording that is under way that the user has to know. */
export interface RecordingNotice {
  kind: 'input-lost' | 'input-muted' | 'storage-full' | 'no-live-text' | 'no-wake-lock' | 'silence';
  input: CaptureInput | null;
}

/** A better model, whose words take the place of those of the live text a few seconds behind. */
export interface SecondModel {
  name: string;
  /** `behind`: this device is too slow for it, so it has stopped; `failed`: it does not run. */
  state: 'loading' | 'following' | 'behind' | 'failed';
}

/** The recording of this tab, as the page shows it. */
export interface RecordingState {
  phase: RecordingPhase;
  /** Of the transcript it becomes; `null` before the start. Stays set behind `finishing`, until the next start. */
  id: string | null;
  title: string;
  source: CaptureSource;
  /** Length so far, pauses left out. */
  elapsedMs: number;
  /** The loudest sample of the last tenth of a second, 0 to 1. */
  level: number;
  paragraphs: readonly LiveParagraph[];
  partial: readonly LiveWord[];
  marks: readonly Mark[];
  notices: readonly RecordingNotice[];
  /** Name of the model that writes the live text; `null` while it loads or when there is none. */
  liveModel: string | null;
  /** The better model that follows the live text; `null`: none does. */
  secondModel: SecondModel | null;
  /** Why the last start failed, or why recording ended by itself. */
  error: { code: ErrorCode; message: string } | null;
}
