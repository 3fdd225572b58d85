import { AppError, onAbort, throwIfAborted } from '@/lib/core';
import { readError } from '@/lib/engine/audio';
import { type StartedFfmpeg, type StartFfmpeg, startFfmpeg } from './start-ffmpeg';

/** A file is handed on in pieces of this size. */
const PIECE_BYTES = 1 << 18;

/** ffmpeg with one source, wherever it runs. Its output is what `FfmpegBlocks` asks it for: WAV of floats. */
export interface FfmpegRunner {
  /**
   * @param ffmpegUrl folder of ffmpeg.wasm, with a slash at the end
   * @throws DECODE_FAILED, OUT_OF_MEMORY
   */
  load(source: Blob, ffmpegUrl: string): Promise<void>;
  /**
   * Starts a run, one at a time; it ends with the event `ended`, or `next` throws.
   * @param args all but the name of the output; `SOURCE_PATH` stands for the source
   */
  run(args: readonly string[]): void;
  /**
   * Waits for the next event. An aborted call loses none.
   * @throws DECODE_FAILED, OUT_OF_MEMORY, SOURCE_GONE, SOURCE_UNREADABLE
   */
  next(signal: AbortSignal): Promise<FfmpegEvent>;
  /** Ends ffmpeg wherever it is, also while it waits. */
  close(): void;
}

/**
 * ffmpeg.wasm with one source. It works in a worker of its own, since a run keeps its thread busy to the
 * end. The source is read in pieces as ffmpeg asks for them.
 */
export class FfmpegProgram implements FfmpegRunner {
  readonly #ring: FfmpegRing | null;
  readonly #events = new FfmpegEvents();
  readonly #start: StartFfmpeg;
  #ffmpeg: StartedFfmpeg | null = null;
  readonly #closing = new AbortController();

  /**
   * @param isPiped the output of a run comes while it is being written, and ffmpeg waits for its reader,
   * which needs a cross-origin isolated page; otherwise it comes at the end, and lies in memory until then
   * @param start starts ffmpeg; not given: in a worker of the browser
   */
  constructor(isPiped: boolean, start: StartFfmpeg = startFfmpeg) {
    this.#start = start;
    this.#ring = isPiped ? new FfmpegRing() : null;
  }

  async load(source: Blob, ffmpegUrl: string): Promise<void> {
    try {
      await this.#load(source, ffmpegUrl);
    } catch (cause) {
      throw toFfmpegError(cause);
    }
  }

  run(args: readonly string[]): void {
    this.#run(args).catch((cause: unknown) => this.#events.push(toFfmpegError(cause)));
  }

  next(signal: AbortSignal): Promise<FfmpegEvent> {
    return this.#events.next(signal);
  }

  close(): void {
    this.#closing.abort();
  }

  async #load(source: Blob, folder: string): Promise<void> {
    this.#ffmpeg = await this.#start({
      source,
      folder,
      ring: this.#ring?.buffer ?? null,
      onLog: (type, message) => this.#log(type, message),
      signal: this.#closing.signal,
    });
  }

  async #run(args: readonly string[]): Promise<void> {
    const ffmpeg = this.#ffmpeg;
    if (!ffmpeg) throw new Error('ffmpeg is not loaded.');
    const { status, file } = await ffmpeg.run(args);
    const ring = this.#ring;
    if (ring) this.#events.push({ kind: 'output', read: (onBytes) => ring.takeRest(onBytes) });
    if (file) this.#events.push({ kind: 'output', read: (onBytes) => inPieces(file, onBytes) });
    this.#events.push({ kind: 'ended', status });
  }

  #log(type: string, message: string): void {
    const ring = this.#ring;
    if (type === 'pcm' && ring)
      this.#events.push({
        kind: 'output',
        read: (onBytes) => ring.takeTo(Number(message), onBytes),
      });
    else this.#events.push({ kind: 'line', line: message });
  }
}

function inPieces(bytes: Uint8Array, onBytes: (bytes: Uint8Array) => void): void {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    onBytes(bytes.subarray(at, at + PIECE_BYTES));
}

/** The app's error for what ffmpeg.wasm rejects with, which is mostly an error as text. */
export function toFfmpegError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const text = String(cause);
  const [, name = 'Error', message = text] = /^(\w+): (.*)$/s.exec(text) ?? [];
  const read = readError(Object.assign(new Error(message), { name }));
  if (read) return read;
  if (/\bOOM\b|out of memory|memory allocation|enlarge memory|allocation failed/i.test(message))
    return new AppError('OUT_OF_MEMORY', `ffmpeg: ${message}`, { fatal: true });
  return new AppError('DECODE_FAILED', `ffmpeg: ${name}: ${message}`);
}

/** As much of ffmpeg's output as may wait for its reader: about three seconds of 48 kHz in stereo. */
export const RING_BYTES = 1 << 20;
/** How many bytes were written and how many were read, each modulo 2^32. */
const COUNTERS_BYTES = 8;
const WRITTEN = 0;
const READ = 1;

/**
 * The reader's end of the pipe that `ffmpeg-file-systems.js` writes to: two counters in shared memory, and bytes
 * that are written round and round.
 */
class FfmpegRing {
  readonly buffer = new SharedArrayBuffer(COUNTERS_BYTES + RING_BYTES);
  readonly #counters = new Int32Array(this.buffer, 0, 2);
  readonly #bytes = new Uint8Array(this.buffer, COUNTERS_BYTES);
  #read = 0;

  /**
   * Takes what was written up to a position, and frees as much.
   * @param end bytes since the beginning
   * @param onBytes gets them in one piece or two, which are the ring's own memory
   */
  takeTo(end: number, onBytes: (bytes: Uint8Array) => void): void {
    while (this.#read < end) {
      const start = this.#read % RING_BYTES;
      const part = this.#bytes.subarray(start, start + end - this.#read);
      onBytes(part);
      this.#read += part.length;
    }
    // the writer sleeps on this counter while there is no room
    Atomics.store(this.#counters, READ, this.#read | 0);
    Atomics.notify(this.#counters, READ);
  }

  /** Takes what a writer that is done has left. */
  takeRest(onBytes: (bytes: Uint8Array) => void): void {
    const left = (Atomics.load(this.#counters, WRITTEN) - this.#read) >>> 0;
    this.takeTo(this.#read + left, onBytes);
  }
}

/** What a run of ffmpeg reports, in order. */
export type FfmpegEvent =
  /** A line of its log. */
  | { kind: 'line'; line: string }
  /** Output. Until it is read ffmpeg may block. */
  | { kind: 'output'; read(onBytes: (bytes: Uint8Array) => void): void }
  /** The run is over; `status` 0 is success. */
  | { kind: 'ended'; status: number };

/** Events of an ffmpeg until its one reader takes them. */
export class FfmpegEvents {
  readonly #waiting: (FfmpegEvent | AppError)[] = [];
  #wake: (() => void) | null = null;

  /** Adds an event, or a failure, which `next` throws in its turn. */
  push(event: FfmpegEvent | AppError): void {
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** Adds a failure before which nothing else counts. */
  fail(error: AppError): void {
    this.#waiting.length = 0;
    this.push(error);
  }

  /** Waits for the next event. An aborted call loses none. */
  async next(signal: AbortSignal): Promise<FfmpegEvent> {
    for (;;) {
      throwIfAborted(signal);
      const event = this.#waiting.shift();
      if (event instanceof Error) throw event;
      if (event) return event;
      await this.#arrival(signal);
    }
  }

  async #arrival(signal: AbortSignal): Promise<void> {
    let stop: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      stop = onAbort(signal, resolve);
    });
    stop();
    this.#wake = null;
  }
}
