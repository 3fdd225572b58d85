import type { CaptureChoice } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { LiveTextFeed, type LiveTextState } from './live-feed';
import type {
  Capture,
  CaptureEvents,
  CaptureInput,
  LiveEngine,
  OpenCapture,
  Recorder,
  RecordingFile,
  RecordingFiles,
  StartRecorder,
} from './ports';
import { RECORDING_LOCK, type RecordingRepository } from './recover';

/** Formats to record in, best first: Opus is made for speech. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4;codecs=opus', 'audio/mp4'];

/** At this rate Opus is transparent to listeners and to a recogniser: 29 MB an hour. */
const BITS_PER_SECOND = 64_000;

/** Interval between pieces, in ms: a crash loses little more than one. */
const PIECE_MS = 1000;

/** Encodes with the browser's own recorder. @throws CAPTURE_UNSUPPORTED if it supports none of the types */
export const startRecorder: StartRecorder = (stream, onBytes, onError) => {
  const mediaType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  if (!mediaType) throw new AppError('CAPTURE_UNSUPPORTED', 'This browser cannot encode audio.');
  const recorder = new MediaRecorder(stream, {
    mimeType: mediaType,
    audioBitsPerSecond: BITS_PER_SECOND,
  });
  // pieces are read asynchronously and must stay in order
  let handedOn: Promise<void> = Promise.resolve();
  let broken = false;
  const fail = (error: unknown) => {
    if (broken) return;
    broken = true;
    onError(error);
  };
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size === 0) return;
    handedOn = handedOn.then(async () => {
      try {
        onBytes(await data.arrayBuffer());
      } catch (error) {
        fail(error);
      }
    });
  });
  recorder.addEventListener('error', (event) =>
    fail('error' in event ? event.error : new AppError('UNKNOWN', 'The recorder failed.')),
  );
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => resolve(), { once: true });
  });
  recorder.start(PIECE_MS);
  return {
    mediaType,
    pause: () => {
      if (recorder.state === 'recording') recorder.pause();
    },
    resume: () => {
      if (recorder.state === 'paused') recorder.resume();
    },
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop();
      await stopped;
      await handedOn;
    },
  };
};

/** Recorders that begin, pause and end together, each with a track. */
function joinRecorders(recorders: readonly Recorder[]): Recorder {
  return {
    mediaType: recorders[0]?.mediaType ?? '',
    pause: () => {
      for (const one of recorders) one.pause();
    },
    resume: () => {
      for (const one of recorders) one.resume();
    },
    stop: async () => {
      await Promise.all(recorders.map((one) => one.stop()));
    },
  };
}

/** Writes the pieces of a recording in order. It reports the first failure and then stops writing. */
class PieceWriter {
  private tail: Promise<void> = Promise.resolve();
  private broken = false;

  constructor(
    private readonly file: RecordingFile,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Takes the next piece; never waits. */
  write(bytes: ArrayBuffer): void {
    this.tail = this.tail.then(async () => {
      // a gap would corrupt what follows
      if (this.broken) return;
      try {
        await this.file.append(bytes);
      } catch (error) {
        this.broken = true;
        this.onError(error);
      }
    });
  }

  /** Closes the file when all pieces are written. */
  async close(): Promise<void> {
    await this.tail;
    await this.file.close();
  }
}

/** What a recording is given. */
export interface RecordingDependencies {
  openCapture: OpenCapture;
  startRecorder: StartRecorder;
  files: RecordingFiles;
  /** Loads the model for live text. */
  openLiveEngine(signal: AbortSignal): Promise<LiveEngine>;
  repository: RecordingRepository;
  locks: Pick<LockManager, 'request'>;
  /** Keeps the screen on until the returned function is called; rejects where that is not possible. */
  stayAwake(): Promise<() => void>;
  nameNow(): RecordingNames;
}

/** What a recording that starts now is called. */
export interface RecordingNames {
  title: string;
  /** Without an extension. */
  fileName: string;
  /** Who speaks in the microphone and in the display, where both are recorded. */
  speakers: string[];
}

/** Everything that is open during one recording. */
export interface RecordingSession {
  readonly id: string;
  choice: CaptureChoice;
  readonly capture: Capture;
  readonly recorder: Recorder;
  readonly writer: Pick<PieceWriter, 'close'>;
  readonly feed: LiveTextFeed;
  readonly silence: SilenceDetector;
  /** Inputs that ended by themselves and were not replaced. */
  readonly lost: Set<CaptureInput>;
  pauses: number;
  /** Releases the recording's lock. */
  readonly release: () => void;
  /** Lets the screen turn off again. */
  sleep: () => void;
}

/** What a session reports from its start. */
export interface RecordingSessionEvents extends CaptureEvents {
  /** Nothing more can be written. */
  onStoreError(error: unknown): void;
  onRecorderError(error: unknown): void;
  /** What live text shows has changed. */
  onLiveText(change: Partial<LiveTextState>): void;
  onNoLiveText(): void;
}

/**
 * Opens everything a recording needs, inputs first, since the user may refuse them; nothing is captured
 * before `capture.resume`. If a step fails, what was opened before is closed again.
 * @throws what the dependencies throw
 */
export async function openRecordingSession(
  dependencies: RecordingDependencies,
  recording: { id: string } & RecordingNames,
  choice: CaptureChoice,
  events: RecordingSessionEvents,
): Promise<RecordingSession> {
  const { id } = recording;
  const undo: (() => unknown)[] = [];
  try {
    const release = await holdLock(dependencies.locks, RECORDING_LOCK + id);
    undo.push(release);
    const capture = await dependencies.openCapture(choice, events);
    undo.push(() => capture.close());
    capture.pause();
    undo.push(() => dependencies.files.remove(id));
    const writers: PieceWriter[] = [];
    for (const track of capture.streams.keys()) {
      const writer = new PieceWriter(
        await dependencies.files.begin(id, track),
        events.onStoreError,
      );
      undo.push(() => writer.close());
      writers.push(writer);
    }
    // together: their tracks begin at the same moment
    const recorder = joinRecorders(
      capture.streams.map((stream, track) =>
        dependencies.startRecorder(
          stream,
          (bytes) => writers[track]?.write(bytes),
          events.onRecorderError,
        ),
      ),
    );
    undo.push(() => recorder.stop());
    const { mediaType } = recorder;
    const fileName = recording.fileName + endingOf(mediaType);
    const { id: _, title, speakers } = recording;
    const tracks = capture.streams.length > 1 ? { speakers } : {};
    await dependencies.repository.addRecording({ id, title, fileName, mediaType, ...tracks });
    const feed = new LiveTextFeed(dependencies.openLiveEngine, {
      onChange: events.onLiveText,
      onFailure: events.onNoLiveText,
    });
    return {
      id,
      choice,
      capture,
      recorder,
      writer: {
        close: async () => {
          for (const writer of writers) await writer.close();
        },
      },
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
        console.warn('A recording that did not start could not be cleaned up', cause);
      }
    throw error;
  }
}

function endingOf(mediaType: string): string {
  return mediaType.startsWith('audio/mp4') ? '.m4a' : '.webm';
}

/** Acquires a lock. @returns releases it */
function holdLock(locks: Pick<LockManager, 'request'>, name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    locks.request(name, () => new Promise<void>((release) => resolve(release))).catch(reject);
  });
}

/** A working microphone that someone speaks into is louder than this: -54 dBFS. */
const SILENT_BELOW = 0.002;

/** Silence of this length is reported, in samples. */
const REPORT_AFTER_SAMPLES = 10 * SAMPLE_RATE_HZ;

/** Detects an input without signal, such as a microphone that is switched off on the device. */
class SilenceDetector {
  private silentSamples = 0;

  /**
   * @param level the loudest sample of this piece, 0 to 1
   * @param samples length of the piece
   * @returns what the state has just changed to; `null`: no change
   */
  update(level: number, samples: number): 'silent' | 'audible' | null {
    const before = this.silentSamples;
    if (level >= SILENT_BELOW) {
      this.silentSamples = 0;
      return before >= REPORT_AFTER_SAMPLES ? 'audible' : null;
    }
    this.silentSamples += samples;
    return before < REPORT_AFTER_SAMPLES && this.silentSamples >= REPORT_AFTER_SAMPLES
      ? 'silent'
      : null;
  }
}
