import type { CaptureChoice, CaptureSource, Mark } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import type { RecognisedWord } from '@/lib/engine';
import type { PcmSpan } from '@/lib/engine/audio';
import type { LiveVad } from '@/lib/engine/vad';
import type { FinishedRecording } from './finished-recording';

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

/** What a capture reports. */
export interface CaptureEvents {
  /**
   * Audio at 16 kHz, ten times a second, in order and without gaps; nothing while paused.
   * @param level the loudest sample, 0 to 1
   * @param levels the same in each of several inputs
   */
  onPcm(span: PcmSpan, level: number, levels: InputLevels): void;
  /**
   * Of several inputs another one is the loudest now: somebody speaks into it.
   * @param sample where it begins
   */
  onLoudest?(input: CaptureInput, sample: number): void;
  /** An input ended by itself: unplugged, permission revoked, sharing stopped. */
  onEnded(input: CaptureInput): void;
  /** An input was muted by the system or by a switch, or unmuted. */
  onMuted(input: CaptureInput, muted: boolean): void;
}

/** How well the audio was captured so far: see `CaptureReport`. */
export interface CaptureStats {
  inputs: string[];
  sampleRateHz: number;
  driftPpm: number | null;
  droppedMs: number;
  gaps: number;
}

/** The open inputs. Lives from start to stop, while inputs may be replaced. */
export interface Capture {
  /**
   * What is recorded, each stream as a track of its own, for the whole life of the capture: where it begins with
   * both inputs the microphone and the display, else one with all inputs mixed.
   */
  readonly streams: readonly MediaStream[];
  /** No PCM comes until `resume`; the inputs stay open. */
  pause(): void;
  resume(): void;
  /**
   * Opens inputs again (after `onEnded`, or if another device was chosen) and closes the old ones.
   * @throws as `openCapture`; the old inputs then stay as they are
   */
  replace(choice: CaptureChoice): Promise<void>;
  stats(): CaptureStats;
  /** Closes all inputs; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Asks the user for the inputs and opens them.
 * @throws MIC_DENIED (`details.input`, `details.reason`: `denied`, `dismissed`), MIC_NOT_FOUND,
 * MIC_BUSY, DISPLAY_NO_AUDIO (something was shared without its audio), ABORTED (the user closed the
 * choice), CAPTURE_UNSUPPORTED (this browser cannot)
 */
export type OpenCapture = (choice: CaptureChoice, events: CaptureEvents) => Promise<Capture>;

/** A file that grows while it is recorded. */
export interface RecordingFile {
  /** On disk when it resolves. @throws STORE_QUOTA, STORE_FAILED, WORKER_CRASHED */
  append(bytes: ArrayBuffer): Promise<void>;
  /** Closes the file; safe to call twice. */
  close(): Promise<void>;
}

/** The files of current and interrupted recordings in OPFS, one for each track, named after their ids. */
export interface RecordingFiles {
  /**
   * @param track from 0
   * @throws STORE_QUOTA, STORE_FAILED
   */
  begin(id: string, track: number): Promise<RecordingFile>;
  /**
   * Writes a seekable copy with a duration of closed or interrupted files, with their tracks; the audio is not
   * re-encoded. If that is not possible, the files themselves are returned, as one.
   * @returns `null` if there is no file or no audio in it
   * @throws STORE_QUOTA, STORE_FAILED
   */
  finish(id: string): Promise<FinishedRecording | null>;
  /** Removes a recording's files, if there are any. */
  remove(id: string): Promise<void>;
  /** Ids of all recordings that have a file. */
  list(): Promise<string[]>;
}

/** Encodes a stream and passes the pieces on. */
export interface Recorder {
  readonly mediaType: string;
  pause(): void;
  resume(): void;
  /** Resolves when the last piece has been passed on. */
  stop(): Promise<void>;
}

/**
 * Starts encoding.
 * @param onBytes called with the pieces of one file in order, at least one a second while recording
 * @param onError called if the browser's recorder fails; nothing more follows
 */
export type StartRecorder = (
  stream: MediaStream,
  onBytes: (bytes: ArrayBuffer) => void,
  onError: (error: unknown) => void,
) => Recorder;

/** Recognises one segment; samples count from its start. */
export type LiveRecognise = (pcm: Float32Array, signal: AbortSignal) => Promise<RecognisedWord[]>;

/** A better model that follows the live text. */
export interface SecondEngine {
  /** Words of each segment, in order; samples count from the start of each. */
  recognise(batch: Float32Array[], signal: AbortSignal): Promise<RecognisedWord[][]>;
  /** Terminates its worker. */
  dispose(): void;
}

/** The workers of live text. */
export interface LiveEngine {
  /** The model's display name. */
  readonly modelName: string;
  openVad(): Promise<LiveVad>;
  recognise: LiveRecognise;
  /** The better model that is to follow, if there is one. */
  readonly second?: { name: string; open(signal: AbortSignal): Promise<SecondEngine> };
  /** Terminates its workers. */
  dispose(): void;
}

/** Live text of one recording: see `createLiveText`. */
export interface LiveText {
  /** Takes the next audio; never waits. */
  push(span: PcmSpan): void;
  /** Finalises the open segment (a pause, the end). Resolves once its words have been reported. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
