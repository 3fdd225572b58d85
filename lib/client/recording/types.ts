import type { CaptureSource, Mark } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';

/** A source of audio. */
export type CaptureInput = 'microphone' | 'display';

/** One word of the live text; samples at 16 kHz from the start of the recording, excluding pauses. */
export interface LiveWord {
  text: string;
  /** The better model wrote it: it is final. */
  isSecond?: true;
  startSample: number;
  endSample: number;
}

/** The result of one step of live recognition. */
export interface LiveUpdate {
  /** Words that became final: they follow the earlier final ones and do not change again. */
  final: LiveWord[];
  /** The hypothesis after them; replaces the previous partial words. */
  partial: LiveWord[];
  /** The speaker paused: what follows is a new paragraph. */
  endsParagraph: boolean;
}

/** Final words of one paragraph; the last paragraph may still grow, and may be empty at first. */
export interface LiveParagraph {
  startSample: number;
  words: readonly LiveWord[];
}

/** The loudest sample of the last tenth of a second in each of several inputs, 0 to 1; empty where there is one alone. */
export type InputLevels = Readonly<Partial<Record<CaptureInput, number>>>;

/** From here on this was the loudest of several inputs. */
export interface InputTurn {
  input: CaptureInput;
  startSample: number;
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

/** Something that the user has to know about the current recording. */
export interface RecordingNotice {
  kind: 'input-lost' | 'input-muted' | 'storage-full' | 'no-live-text' | 'no-wake-lock' | 'silence';
  input: CaptureInput | null;
}

/** A better model, whose words replace those of the live text a few seconds later. */
export interface SecondModel {
  name: string;
  /** `behind`: this device is too slow for it, so it has stopped; `failed`: it does not run. */
  state: 'loading' | 'following' | 'behind' | 'failed';
}

/** The recording of this tab, as the page shows it. */
export interface RecordingState {
  phase: RecordingPhase;
  /** Id of the transcript it becomes; `null` before the start. Stays set after `finishing` until the next start. */
  id: string | null;
  title: string;
  source: CaptureSource;
  /** Length so far, excluding pauses. */
  elapsedMs: number;
  /** The loudest sample of the last tenth of a second, 0 to 1. */
  level: number;
  levels: InputLevels;
  paragraphs: readonly LiveParagraph[];
  partial: readonly LiveWord[];
  /** Into which input somebody spoke; empty where there is one alone. */
  turns: readonly InputTurn[];
  marks: readonly Mark[];
  notices: readonly RecordingNotice[];
  /** Name of the model that writes the live text; `null` while it loads or if there is none. */
  liveModel: string | null;
  /** The better model that follows the live text; `null` if there is none. */
  secondModel: SecondModel | null;
  /** Why the last start failed, or why the recording ended by itself. */
  error: { code: ErrorCode; message: string } | null;
}
