import type { CaptureChoice } from '@/lib/client/store';
import type { RecognisedWord } from '@/lib/engine';
import type { PcmSpan } from '@/lib/engine/audio';
import type { LiveVad } from '@/lib/engine/vad';
import type { CaptureInput } from './types';

/** What a capture tells. */
export interface CaptureEvents {
  /**
   * Sound at 16 kHz, ten times a second, in order and without holes; nothing while paused.
   * @param level the loudest sample, 0 to 1
   */
  onPcm(span: PcmSpan, level: number): void;
  /** An input ended by itself: unplugged, permission taken back, sharing stopped. */
  onEnded(input: CaptureInput): void;
  /** An input gives silence (muted by the system or by a switch), or gives sound again. */
  onMuted(input: CaptureInput, muted: boolean): void;
}

/** How the sound came in so far: see `CaptureReport`. */
export interface CaptureStats {
  inputs: string[];
  sampleRateHz: number;
  driftPpm: number | null;
  droppedMs: number;
  gaps: number;
}

/** Open inputs, mixed. Lives from start to stop: inputs may be exchanged under it. */
export interface Capture {
  /** The mix, for a MediaRecorder; the same stream for the whole life of the capture. */
  readonly stream: MediaStream;
  /** No PCM comes until `resume`; the inputs stay open. */
  pause(): void;
  resume(): void;
  /**
   * Opens the inputs anew (after `onEnded`, or another device was chosen); the old ones are closed.
   * @throws as `openCapture`; the old inputs then stay as they are
   */
  replace(choice: CaptureChoice): Promise<void>;
  stats(): CaptureStats;
  /** Lets all inputs go; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Asks for the inputs and opens them.
 * @throws MIC_DENIED (`details.input`, `details.reason`: `denied`, `dismissed`), MIC_NOT_FOUND,
 * MIC_BUSY, DISPLAY_NO_AUDIO (something was shared without its sound), ABORTED (the user closed the
 * choice), BAD_REQUEST (this browser cannot)
 */
export type OpenCapture = (choice: CaptureChoice, events: CaptureEvents) => Promise<Capture>;

/** A file that grows while it is recorded. */
export interface RecordingFile {
  /** On disk when it resolves. @throws STORE_QUOTA, STORE_FAILED, WORKER_CRASHED */
  append(bytes: ArrayBuffer): Promise<void>;
  /** Nothing more comes; safe to call twice. */
  close(): Promise<void>;
}

/** The files of recordings that are under way or broke off, in OPFS; each is named by its id. */
export interface RecordingFiles {
  /** @throws STORE_QUOTA, STORE_FAILED */
  begin(id: string): Promise<RecordingFile>;
  /**
   * Writes a copy of a closed or broken-off file that knows its length and can be sought in. Where
   * that cannot be done the file itself is given. The audio is not coded anew.
   * @returns `null` when there is no file or no sound in it
   * @throws STORE_QUOTA, STORE_FAILED
   */
  finish(id: string): Promise<{ file: File; mediaType: string } | null>;
  /** Removes a recording's files; none there is fine. */
  remove(id: string): Promise<void>;
  /** Ids of all that have a file. */
  list(): Promise<string[]>;
}

/** Compresses a stream and hands the pieces on. */
export interface Recorder {
  readonly mediaType: string;
  pause(): void;
  resume(): void;
  /** Resolves when the last piece was handed on. */
  stop(): Promise<void>;
}

/**
 * Begins to compress.
 * @param onBytes pieces of one file in order, at least one a second while sound comes
 * @param onError the browser's recorder broke; nothing more comes
 */
export type StartRecorder = (
  stream: MediaStream,
  onBytes: (bytes: ArrayBuffer) => void,
  onError: (error: unknown) => void,
) => Recorder;

/** Words of one stretch of speech; samples count from its start. */
export type LiveRecognise = (pcm: Float32Array, signal: AbortSignal) => Promise<RecognisedWord[]>;

/** A better model that follows the live text. */
export interface SecondEngine {
  /** Words of stretches of speech, in their order; samples count from the start of each. */
  recognise(batch: Float32Array[], signal: AbortSignal): Promise<RecognisedWord[][]>;
  /** Ends its worker. */
  dispose(): void;
}

/** What live text needs of workers. */
export interface LiveEngine {
  /** Name of the model, for people. */
  readonly modelName: string;
  openVad(): Promise<LiveVad>;
  recognise: LiveRecognise;
  /** The better model that is to follow, where there is one. */
  readonly second?: { name: string; open(signal: AbortSignal): Promise<SecondEngine> };
  /** Ends its workers. */
  dispose(): void;
}

/** Live text of one recording: see `createLiveText`. */
export interface LiveText {
  /** Takes the sound that follows; never waits. */
  push(span: PcmSpan): void;
  /** Settles what is open (a pause, the end). Resolves when that is told. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
