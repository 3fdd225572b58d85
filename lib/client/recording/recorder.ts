import { AppError } from '@/lib/core';
import type { Recorder, RecordingFile, StartRecorder } from './ports';

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
export function joinRecorders(recorders: readonly Recorder[]): Recorder {
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
export class PieceWriter {
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
