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
import { type ServedBlob, serveBlob } from './serve-blob';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** ffmpeg has hung when it is silent for this long while somebody waits for its output. */
const STALL_MS = 120_000;

/**
 * Files that hold sound. Playlists are not among them: they name other files and addresses, which
 * ffmpeg would open.
 */
const FORMATS = [
  ...['aac', 'ac3', 'aiff', 'amr', 'ape', 'asf', 'au', 'avi', 'caf', 'dsf', 'dts', 'dtshd', 'dv'],
  ...['eac3', 'flac', 'flv', 'gsm', 'loas', 'matroska', 'mlp', 'mov', 'mp3', 'mpc', 'mpc8', 'mpeg'],
  ...['mpegts', 'mxf', 'nut', 'ogg', 'oma', 'rm', 'shn', 'sox', 'spdif', 'tak', 'truehd', 'tta'],
  ...['voc', 'vqf', 'w64', 'wav', 'wtv', 'wv', 'xwma'],
].join(',');

/** Options in front of the input, which this process serves: it cannot name anything else to be opened. */
const GUARDS = ['-protocol_whitelist', 'http,tcp', '-format_whitelist', FORMATS];

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
  constructor(command = 'ffmpeg') {
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
    const input = args.indexOf('-i');
    const full = [
      '-nostdin',
      ...args.slice(0, input),
      ...GUARDS,
      ...args.slice(input).map((arg) => (arg === SOURCE_PATH ? served.url : arg)),
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
          ? new AppError(
              'DECODE_UNSUPPORTED',
              'This file needs ffmpeg, which is not installed: install it, or name it by FFMPEG_PATH.',
              { cause },
            )
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
      // The log has the times of audio before the audio. They are in their own pipe by now, and have been
      // read when the event loop has polled once more: the first turn ends the present poll.
      setImmediate(() =>
        setImmediate(() =>
          this.#events.push({
            kind: 'output',
            read: (onBytes) => {
              onBytes(bytes);
              child.stdout.resume();
            },
          }),
        ),
      );
    });
    child.once('close', (status) => {
      if (partial !== '') this.#events.push({ kind: 'line', line: partial });
      this.#events.push({ kind: 'ended', status: status ?? 1 });
    });
  }

  #fail(error: AppError): void {
    if (!this.#isClosed) this.#events.fail(error);
  }
}
