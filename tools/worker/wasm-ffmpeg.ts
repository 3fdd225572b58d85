import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoizePromise, onAbort, throwIfAborted, toAppError } from '@/lib/core';
import { PIPE_PATH, type StartedFfmpeg, type StartFfmpeg } from '@/lib/engine/decode';
import { root } from '../command/root';
import {
  COUNTER_BYTES,
  FAILED,
  type FfmpegNews,
  type FfmpegOrder,
  guarded,
  WINDOW_BYTES,
} from './ffmpeg-protocol';
import { spawnThread } from './spawn-thread';

const WASM = join(root, 'node_modules/@ffmpeg/core/dist/umd/ffmpeg-core.wasm');

/** Compiled once: it is 32 MB. */
const compiled = memoizePromise(async () => WebAssembly.compile(await readFile(WASM)));

/**
 * Starts the app's own ffmpeg in a thread of Node. The source is read by this thread, piece by piece, while that
 * one waits.
 */
export const startWasmFfmpeg: StartFfmpeg = async ({ source, ring, onLog, signal }) => {
  if (!ring) throw new Error('In Node its output comes as it is made.');
  const module = await compiled();
  throwIfAborted(signal);
  const thread = spawnThread('./ffmpeg-thread.ts');
  onAbort(signal, () => thread.terminate());
  const window = new SharedArrayBuffer(COUNTER_BYTES + WINDOW_BYTES);
  const counter = new Int32Array(window, 0, 1);
  const bytes = new Uint8Array(window, COUNTER_BYTES);
  const order = (given: FfmpegOrder) => thread.postMessage(given, []);

  /** Of the order that is under way. */
  let onStatus: (status: number) => void = () => undefined;
  let onFailure: (error: Error) => void = () => undefined;
  const ending = () =>
    new Promise<number>((resolve, reject) => {
      onStatus = resolve;
      onFailure = reject;
    });

  const read = async (start: number, end: number) => {
    let count = FAILED;
    try {
      const piece = new Uint8Array(await source.slice(start, end).arrayBuffer());
      bytes.set(piece);
      count = piece.length;
    } catch (error) {
      // what the other thread says of it is not the reason
      onFailure(toAppError(error, 'SOURCE_GONE'));
    }
    Atomics.store(counter, 0, count);
    Atomics.notify(counter, 0);
  };
  thread.addEventListener('message', ({ data: news }: MessageEvent<FfmpegNews>) => {
    switch (news.kind) {
      case 'log':
        return onLog(news.type, news.message);
      case 'read':
        return void read(news.start, news.end);
      case 'started':
        return onStatus(0);
      case 'ended':
        return onStatus(news.status);
      case 'failed':
        return onFailure(new Error(news.message));
    }
  });
  thread.addEventListener('error', ({ message }) => onFailure(new Error(message)));

  const started = ending();
  order({ kind: 'start', module, sizeBytes: source.size, ring, window });
  await started;
  const ffmpeg: StartedFfmpeg = {
    async run(args) {
      const ended = ending();
      order({ kind: 'run', args: [...guarded(args, 'file'), PIPE_PATH] });
      return { status: await ended, file: null };
    },
  };
  return ffmpeg;
};
