import type { StoreApi } from 'zustand/vanilla';
import type { CaptureChoice } from '@/lib/client/store';
import { RECORDING_LOCK, type RecordingRepository } from './finalise-recording';
import { LiveTextFeed } from './live-feed';
import { PieceWriter } from './piece-writer';
import type {
  Capture,
  CaptureEvents,
  LiveEngine,
  OpenCapture,
  Recorder,
  RecordingFiles,
  StartRecorder,
} from './ports';
import { SilenceDetector } from './silence';
import type { CaptureInput, RecordingState } from './types';

/** What a recording needs from outside. */
export interface RecordingDependencies {
  openCapture: OpenCapture;
  startRecorder: StartRecorder;
  files: RecordingFiles;
  /** Loads the model of the live text. */
  openLiveEngine(signal: AbortSignal): Promise<LiveEngine>;
  repository: RecordingRepository;
  locks: Pick<LockManager, 'request'>;
  /** Keeps the screen on until the returned function is called; rejects where that cannot be. */
  stayAwake(): Promise<() => void>;
  /** How a recording that begins now is called; its file, without an ending. */
  nameNow(): { title: string; fileName: string };
}

/** Everything that is open while one recording is under way. */
export interface RecordingSession {
  readonly id: string;
  choice: CaptureChoice;
  readonly capture: Capture;
  readonly recorder: Recorder;
  readonly writer: PieceWriter;
  readonly feed: LiveTextFeed;
  readonly silence: SilenceDetector;
  /** Inputs that have ended by themselves and were not replaced. */
  readonly lost: Set<CaptureInput>;
  pauses: number;
  /** Lets the recording's lock go. */
  readonly release: () => void;
  /** Lets the screen go off again. */
  sleep: () => void;
}

/** What a session tells from its first moment on. */
export interface RecordingSessionEvents extends CaptureEvents {
  /** Nothing more can be stored. */
  onStoreError(error: unknown): void;
  onRecorderError(error: unknown): void;
  onNoLiveText(): void;
}

/**
 * Opens everything a recording needs, in the order in which the user can be asked and least is
 * lost; no sound is taken before `capture.resume`. What was opened is put away again when a later
 * step fails.
 * @throws what the parts throw
 */
export async function openRecordingSession(
  parts: RecordingDependencies,
  recording: { id: string; title: string; fileName: string },
  choice: CaptureChoice,
  state: StoreApi<RecordingState>,
  events: RecordingSessionEvents,
): Promise<RecordingSession> {
  const { id } = recording;
  const undo: (() => unknown)[] = [];
  try {
    const release = await holdLock(parts.locks, RECORDING_LOCK + id);
    undo.push(release);
    const capture = await parts.openCapture(choice, events);
    undo.push(() => capture.close());
    capture.pause();
    const file = await parts.files.begin(id);
    const writer = new PieceWriter(file, events.onStoreError);
    undo.push(
      () => parts.files.remove(id),
      () => writer.close(),
    );
    const recorder = parts.startRecorder(
      capture.stream,
      (bytes) => writer.write(bytes),
      events.onRecorderError,
    );
    undo.push(() => recorder.stop());
    const { mediaType } = recorder;
    const fileName = recording.fileName + endingOf(mediaType);
    await parts.repository.addRecording({ ...recording, fileName, mediaType });
    const feed = new LiveTextFeed(parts.openLiveEngine, state, events.onNoLiveText);
    return {
      id,
      choice,
      capture,
      recorder,
      writer,
      feed,
      silence: new SilenceDetector(),
      lost: new Set(),
      pauses: 0,
      release,
      sleep: () => undefined,
    };
  } catch (error) {
    for (const step of undo.reverse())
      try {
        await step();
      } catch (cause) {
        console.warn('Not everything of a recording that did not begin was put away', cause);
      }
    throw error;
  }
}

function endingOf(mediaType: string): string {
  return mediaType.startsWith('audio/mp4') ? '.m4a' : '.webm';
}

/** Takes a lock. @returns lets it go */
function holdLock(locks: Pick<LockManager, 'request'>, name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    locks.request(name, () => new Promise<void>((release) => resolve(release))).catch(reject);
  });
}
