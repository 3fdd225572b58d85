import 'server-only';
import { fsyncSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { AppError, abortError, onAbort, throwIfAborted } from '@/lib/core';

/** Bytes per read of a file. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Streams bytes of a file on demand; the file is closed at the end, or when the stream is cancelled or aborted.
 * @param start position of the first byte
 * @param end position after the last one
 */
export function fileStream(
  handle: FileHandle,
  { start, end }: { start: number; end: number },
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let position = start;
  let isOpen = true;
  let unfollow: () => void = () => undefined;
  const close = async () => {
    unfollow();
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  // calls back at once if the signal has already fired
  unfollow = onAbort(signal, () => {
    // if closing fails, so does the next read
    void close();
  });
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        throwIfAborted(signal);
        const piece = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
        const { bytesRead } = await handle.read(piece, 0, piece.length, position);
        position += bytesRead;
        if (bytesRead === 0 && piece.length > 0)
          throw new AppError('UNKNOWN', 'A file became shorter while it was read.');
        if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
        if (position < end) return;
        await close();
        controller.close();
      } catch (error) {
        await close();
        throw signal?.aborted ? abortError(signal) : error;
      }
    },
    cancel: close,
  });
}

type Init = Parameters<NodeFS['init']>;

/** A file that the engine has open, as its file system keeps it. */
interface EngineStream {
  /** The descriptor in Node. */
  nfd: number;
}

interface EngineFiles {
  /** What can be done with an open file. */
  stream_ops: { fsync?(stream: EngineStream): number };
  /** Turns an error of Node into one that the engine understands. */
  tryFSOperation(act: () => void): void;
}

/**
 * PGlite's files on disk, plus the operation that its file system lacks: `fsync`. Without it, a commit may exist
 * only in the system's memory, and is lost in a power cut.
 */
export class DurableNodeFS extends NodeFS {
  override async init(...[engine, options]: Init): ReturnType<NodeFS['init']> {
    const made = await super.init(engine, options);
    made.emscriptenOpts.preRun ??= [];
    made.emscriptenOpts.preRun.push((module) => {
      // the types know neither of its parts
      const files = module.NODEFS as unknown as EngineFiles;
      files.stream_ops.fsync = (stream) => {
        files.tryFSOperation(() => fsyncSync(stream.nfd));
        return 0;
      };
    });
    return made;
  }
}

/** PGlite starts with `-F` (no fsync); and its `fdatasync` does nothing, whatever it answers. */
export const DURABLE_START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'fsync=on'],
  ...['-c', 'wal_sync_method=fsync'],
];

/** Makes created, renamed and removed files of a directory survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows does this by itself, and cannot open directories
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The system's name for what went wrong with a file (`ENOENT`), or `null`. */
export function fileErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
