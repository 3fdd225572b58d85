import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { AppError, toAppError } from '@/lib/core';
import {
  type FfmpegEvent,
  FfmpegEvents,
  type FfmpegRunner,
  SOURCE_PATH,
} from '@/lib/engine/decode';
import { parseRange } from '@/lib/server/http/byte-range';
import { messageOf } from '../command/errors';
import { guarded } from './ffmpeg-protocol';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** ffmpeg counts as hung if it is silent for this long while its output is awaited. */
const STALL_MS = 120_000;

/**
 * An installed ffmpeg with one source, which it reads from this process by HTTP ranges, so that neither side writes a
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
      // Node resumes the output of a process that has ended: the rest of it may arrive at this moment
      this.#pushAfterLog({ kind: 'ended', status: status ?? 1 });
    });
  }

  #fail(error: AppError): void {
    if (!this.#isClosed) this.#events.fail(error);
  }

  /**
   * Pushes an event after the log lines that precede it: the log states the times of audio before the audio. They are
   * in their own pipe by now, and are read in the next poll of the event loop; the first `setImmediate` ends the
   * present one.
   */
  #pushAfterLog(event: FfmpegEvent): void {
    setImmediate(() => setImmediate(() => this.#events.push(event)));
  }
}

/** Bytes per read. */
const PIECE_BYTES = 1 << 20;

/** A blob that programs on this machine can read. */
interface ServedBlob {
  url: string;
  close(): void;
}

/**
 * Serves a blob to programs that read by HTTP ranges, at an address that nobody else can guess.
 * @param onFailure called if the blob cannot be read, which its reader would take for the end of the file
 */
async function serveBlob(blob: Blob, onFailure: (error: unknown) => void): Promise<ServedBlob> {
  const read = async (start: number, end: number) => {
    try {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    } catch (error) {
      onFailure(error);
      throw error;
    }
  };
  const path = `/${randomBytes(24).toString('hex')}`;
  const server = createServer((request, response) => {
    if (request.url === path && request.method === 'GET')
      void answer(blob.size, read, request, response);
    else response.writeHead(404).end();
  });
  // a process that has nothing else to do may end
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // the server listens on a port
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Read = (start: number, end: number) => Promise<Uint8Array>;

async function answer(
  sizeBytes: number,
  read: Read,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const range = parseRange(request.headers.range ?? null, sizeBytes);
  if (range === 'none') {
    response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-length': end - start,
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
  });
  try {
    await pipeline(Readable.from(pieces(read, start, end)), response);
  } catch {
    // a reader that seeks breaks off; a read that failed was reported
    response.destroy();
  }
}

async function* pieces(read: Read, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES)
    yield await read(at, Math.min(at + PIECE_BYTES, end));
}
