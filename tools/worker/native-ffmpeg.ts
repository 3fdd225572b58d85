import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { AppError, toAppError } from '@/lib/core';
import {
  type FfmpegEvent,
  FfmpegEvents,
  type FfmpegRunner,
  SOURCE_PATH,
} from '@/lib/engine/decode';
import { messageOf } from '../command/errors';
import { guarded } from './ffmpeg-guards';
import { type ServedBlob, serveBlob } from './serve-blob';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** ffmpeg has hung when it is silent for this long while somebody waits for its output. */
const STALL_MS = 120_000;

/**
 * An installed ffmpeg with one source, which it reads by ranges from this process: neither side makes a
 * file. Its output waits in the pipe until it is read.
 */
export class NativeFfmpeg implements FfmpegRunner {
  readonly #command: string;
  readonly #events = new FfmpegEvents();
  #served: ServedBlob | null = null;
  #child: Child | null = null;
  #isClosed = false;

  /** @param command the program, or its path */
  constructor(command: string) {
    this.#command = command;
  }

  async load(source: Blob): Promise<void> {
    const served = await serveBlob(source, (cause) => this.#fail(toAppError(cause, 'SOURCE_GONE')));
    if (this.#isClosed) served.close();
    else this.#served = served;
  }

  run(args: readonly string[]): void {
    const served = this.#served;
    if (!served) {
      this.#fail(new AppError('DECODE_FAILED', 'ffmpeg was started without a source.'));
      return;
    }
    const full = [
      '-nostdin',
      // the input comes from this process
      ...guarded(args, 'http,tcp').map((arg) => (arg === SOURCE_PATH ? served.url : arg)),
      'pipe:1',
    ];
    this.#follow(spawn(this.#command, full, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  async next(signal: AbortSignal): Promise<FfmpegEvent> {
    const stalled = setTimeout(() => {
      this.#child?.kill('SIGKILL');
      this.#fail(new AppError('DECODE_FAILED', `ffmpeg was silent for ${STALL_MS / 1000} s.`));
    }, STALL_MS);
    try {
      return await this.#events.next(signal);
    } finally {
      clearTimeout(stalled);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#child?.kill('SIGKILL');
    this.#served?.close();
  }

  #follow(child: Child): void {
    this.#child = child;
    child.once('error', (cause: NodeJS.ErrnoException) =>
      this.#fail(
        cause.code === 'ENOENT'
          ? new AppError('DECODE_UNSUPPORTED', 'There is no ffmpeg where FFMPEG_PATH says.', {
              cause,
            })
          : new AppError('DECODE_FAILED', `ffmpeg did not start: ${messageOf(cause)}`, { cause }),
      ),
    );
    const decoder = new StringDecoder('utf8');
    let partial = '';
    child.stderr.on('data', (bytes: Buffer) => {
      const lines = (partial + decoder.write(bytes)).split(/[\r\n]+/);
      partial = lines.pop() ?? '';
      for (const line of lines) this.#events.push({ kind: 'line', line });
    });
    child.stdout.on('data', (bytes: Buffer) => {
      child.stdout.pause();
      this.#pushAfterLog({
        kind: 'output',
        read: (onBytes) => {
          onBytes(bytes);
          child.stdout.resume();
        },
      });
    });
    child.once('close', (status) => {
      if (partial !== '') this.#events.push({ kind: 'line', line: partial });
      // Node resumes the output of a process that has ended: the rest of it may have come at this moment
      this.#pushAfterLog({ kind: 'ended', status: status ?? 1 });
    });
  }

  #fail(error: AppError): void {
    if (!this.#isClosed) this.#events.fail(error);
  }

  /**
   * The log has the times of audio before the audio. They are in their own pipe by now, and have been read when the
   * event loop has polled once more: the first turn ends the present poll.
   */
  #pushAfterLog(event: FfmpegEvent): void {
    setImmediate(() => setImmediate(() => this.#events.push(event)));
  }
}
