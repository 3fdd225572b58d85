import type { FFFSType, FFmpeg } from '@ffmpeg/ffmpeg';
import { AppError } from '@/lib/core';
import { readError } from '@/lib/engine/audio';
import { type FfmpegEvent, FfmpegEvents } from './ffmpeg-events';

/** Where the source lies in ffmpeg's file system. */
export const SOURCE_PATH = '/in/source';
const PIPE_PATH = '/pipe/pcm';
const FILE_PATH = '/output';

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
  #ffmpeg: FFmpeg | null = null;
  #isClosed = false;

  /**
   * @param isPiped the output of a run comes while it is being written, and ffmpeg waits for its reader,
   * which needs a cross-origin isolated page; otherwise it comes at the end, and lies in memory until then
   */
  constructor(isPiped: boolean) {
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
    this.#isClosed = true;
    this.#ffmpeg?.terminate();
  }

  async #load(source: Blob, folder: string): Promise<void> {
    // served as it is: bundlers stumble over the address of its worker
    const library: typeof import('@ffmpeg/ffmpeg') = await import(
      /* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ `${folder}index.js`
    );
    // the class does not notice when its worker cannot be had, and would wait for ever
    const { ok, status } = await fetch(`${folder}worker.js`);
    if (!ok) throw new Error(`ffmpeg's worker: ${status}`);
    if (this.#isClosed) return;
    const ffmpeg = new library.FFmpeg();
    this.#ffmpeg = ffmpeg;
    ffmpeg.on('log', ({ type, message }) => this.#log(type, message));
    await ffmpeg.load({
      coreURL: `${folder}ffmpeg-piped-core.js`,
      wasmURL: `${folder}ffmpeg-core.wasm`,
    });
    await ffmpeg.createDir('/in');
    const blobs = [{ name: 'source', data: source }];
    await ffmpeg.mount(library.FFFSType.WORKERFS, { blobs }, '/in');
    if (!this.#ring) return;
    await ffmpeg.createDir('/pipe');
    // both are passed on to the core as they are, and ours has this file system as well
    const pipes = 'PIPEFS' as FFFSType;
    await ffmpeg.mount(pipes, { ring: this.#ring.buffer } as object, '/pipe');
  }

  async #run(args: readonly string[]): Promise<void> {
    const ffmpeg = this.#ffmpeg;
    if (!ffmpeg) throw new Error('ffmpeg is not loaded.');
    const status = await ffmpeg.exec([...args, this.#ring ? PIPE_PATH : FILE_PATH]);
    const ring = this.#ring;
    if (ring) this.#events.push({ kind: 'output', read: (onBytes) => ring.takeRest(onBytes) });
    else await this.#readFile(ffmpeg);
    this.#events.push({ kind: 'ended', status });
  }

  async #readFile(ffmpeg: FFmpeg): Promise<void> {
    const hasFile = (await ffmpeg.listDir('/')).some(({ name }) => `/${name}` === FILE_PATH);
    if (!hasFile) return; // a run that failed
    const bytes = await ffmpeg.readFile(FILE_PATH);
    await ffmpeg.deleteFile(FILE_PATH);
    if (typeof bytes === 'string') return; // only where text is asked for
    const read = (onBytes: (bytes: Uint8Array) => void) => {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        onBytes(bytes.subarray(at, at + PIECE_BYTES));
    };
    this.#events.push({ kind: 'output', read });
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
 * The reader's end of the pipe that `ffmpeg-piped-core.js` writes to: two counters in shared memory, and bytes
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
