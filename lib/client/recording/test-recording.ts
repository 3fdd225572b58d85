import type { CaptureChoice } from '@/lib/client/store/capture-records';
import { AppError } from '@/lib/core/errors';
import type { PcmSpan } from '@/lib/engine/audio/types';
import type { Capture, CaptureEvents, InputLevels, LiveEngine, Recorder } from './ports';
import { Recording } from './recording';
import type { RecordingDependencies } from './recording-session';
import type { OpenRecording, RecordingRepository } from './recover';

/** The choice that tests use. */
export const MICROPHONE: CaptureChoice = {
  source: 'microphone',
  deviceId: null,
  echoCancellation: false,
  noiseSuppression: false,
};

/** A recording in the store of a test. */
interface StoredRecording extends OpenRecording {
  title: string;
  fileName: string;
  state: 'recording' | 'queued';
  changes: Parameters<RecordingRepository['updateTranscript']>[1];
  sizeBytes: number;
}

/** Store, files and inputs in memory, with injected failures. */
export class RecordingWorld {
  readonly stored = new Map<string, StoredRecording>();
  readonly media = new Map<string, { sizeBytes: number }>();
  /** Bytes of files that are being recorded. */
  readonly onDisk = new Map<string, number[]>();
  readonly locks = testLocks();
  readonly log: string[] = [];
  jobListeners: (() => void)[] = [];
  events: CaptureEvents | null = null;
  handOn: (bytes: ArrayBuffer) => void = () => undefined;
  breakRecorder: (error: unknown) => void = () => undefined;
  failOpen: AppError | null = null;
  failAppend: AppError | null = null;
  failFinish: AppError | null = null;
  failAdd: AppError | null = null;
  mediaType = 'audio/webm;codecs=opus';
  private samples = 0;

  readonly files: RecordingDependencies['files'] = {
    begin: async (id) => {
      this.onDisk.set(id, []);
      return {
        append: async (bytes) => {
          if (this.failAppend) throw this.failAppend;
          this.onDisk.get(id)?.push(...new Uint8Array(bytes));
        },
        close: async () => {
          this.log.push('file closed');
        },
      };
    },
    finish: async (id) => {
      if (this.failFinish) throw this.failFinish;
      const bytes = this.onDisk.get(id);
      if (!bytes || bytes.length === 0) return null;
      return { file: new File([Uint8Array.from(bytes)], id), mediaType: 'audio/webm', tracks: [0] };
    },
    remove: async (id) => {
      this.onDisk.delete(id);
    },
    list: async () => [...this.onDisk.keys()],
  };

  readonly repository = {
    addRecording: async (recording: {
      id: string;
      title: string;
      fileName: string;
      mediaType: string;
    }) => {
      if (this.failAdd) throw this.failAdd;
      this.stored.set(recording.id, {
        ...recording,
        failed: false,
        state: 'recording',
        changes: {},
        sizeBytes: 0,
      });
    },
    updateTranscript: async (id: string, change: StoredRecording['changes']) => {
      const one = this.stored.get(id);
      if (one) one.changes = { ...one.changes, ...change };
    },
    adoptMedia: async (id: string, { name }: File) => {
      const bytes = this.onDisk.get(name);
      if (!bytes) throw new AppError('NOT_FOUND', name);
      this.media.set(id, { sizeBytes: bytes.length });
      this.onDisk.delete(name);
    },
    hasMedia: async (id: string) => this.media.get(id) ?? null,
    queueRecording: async (id: string, { sizeBytes }: { sizeBytes: number }) => {
      const one = this.stored.get(id);
      if (one) this.stored.set(id, { ...one, state: 'queued', sizeBytes });
    },
    failRecording: async (id: string) => {
      const one = this.stored.get(id);
      if (one) one.failed = true;
    },
    discard: async (id: string) => {
      this.stored.delete(id);
    },
    listRecordings: async () =>
      [...this.stored.values()].filter(({ state }) => state === 'recording'),
    onJobs: (listener: () => void) => {
      this.jobListeners.push(listener);
      return () => {
        this.jobListeners = this.jobListeners.filter((one) => one !== listener);
      };
    },
  };

  readonly engine: LiveEngine = {
    modelName: 'Test model',
    openVad: async () => ({
      push: async (pcm) => ({
        probabilities: new Float32Array(Math.floor(pcm.length / 512)),
        levels: new Float32Array(Math.floor(pcm.length / 512)),
      }),
      close: async () => undefined,
    }),
    recognise: async () => [],
    dispose: () => {
      this.log.push('engine disposed');
    },
  };

  readonly dependencies: RecordingDependencies = {
    openCapture: async (choice, events) => {
      if (this.failOpen) throw this.failOpen;
      this.log.push(`opened ${choice.source}`);
      this.events = events;
      const capture: Capture = {
        // they are not read here
        streams: Array.from(
          { length: choice.source === 'both' ? 2 : 1 },
          () => ({}) as MediaStream,
        ),
        pause: () => this.log.push('capture paused'),
        resume: () => this.log.push('capture resumed'),
        replace: async (next) => {
          if (this.failOpen) throw this.failOpen;
          this.log.push(`replaced by ${next.deviceId ?? 'the default'}`);
        },
        stats: () => ({
          inputs: ['Test microphone'],
          sampleRateHz: 48_000,
          driftPpm: null,
          droppedMs: 0,
          gaps: 0,
        }),
        close: async () => {
          this.log.push('capture closed');
        },
      };
      return capture;
    },
    startRecorder: (_stream, onBytes, onError): Recorder => {
      this.handOn = onBytes;
      this.breakRecorder = onError;
      return {
        mediaType: this.mediaType,
        pause: () => this.log.push('recorder paused'),
        resume: () => this.log.push('recorder resumed'),
        stop: async () => {
          this.log.push('recorder stopped');
        },
      };
    },
    files: this.files,
    openLiveEngine: async () => this.engine,
    repository: this.repository,
    locks: this.locks,
    stayAwake: async () => () => {
      this.log.push('may sleep');
    },
    nameNow: () => ({ title: 'Recording', fileName: 'recording', speakers: ['You', 'Tab'] }),
  };

  readonly recording = new Recording(this.dependencies);
  readonly state = this.recording.state;

  /** Captures audio. */
  play(ms: number, level = 0.5, levels: InputLevels = {}): void {
    const pcm = new Float32Array(ms * 16);
    const span: PcmSpan = { startSample: this.samples, pcm };
    this.samples += pcm.length;
    this.events?.onPcm(span, level, levels);
  }

  /** Adds a piece of the encoded file. */
  compress(...bytes: number[]): void {
    this.handOn(Uint8Array.from(bytes).buffer);
  }
}

/** Web Locks of one browser: exclusive, in order, and queryable by name. */
function testLocks(): Pick<LockManager, 'request'> & { held: Set<string> } {
  const held = new Set<string>();
  const tails = new Map<string, Promise<unknown>>();
  const request = async (name: string, ...rest: unknown[]) => {
    const work = rest.at(-1) as (lock: { name: string } | null) => unknown; // the last argument, by the API
    const options = (rest.length > 1 ? rest[0] : {}) as LockOptions;
    if (options.ifAvailable && held.has(name)) return work(null);
    const before = tails.get(name) ?? Promise.resolve();
    const run = before.then(async () => {
      held.add(name);
      try {
        return await work({ name });
      } finally {
        held.delete(name);
      }
    });
    tails.set(
      name,
      run.catch(() => undefined),
    );
    return run;
  };
  return { request: request as LockManager['request'], held };
}
