import type { FFFSType, FFmpeg } from '@ffmpeg/ffmpeg';
import { onAbort, throwIfAborted } from '@/lib/core';

/** Where the source lies in ffmpeg's file system. */
export const SOURCE_PATH = '/in/source';
/** Where a run writes its output, through the ring. */
export const PIPE_PATH = '/pipe/pcm';
const FILE_PATH = '/output';

/** What ffmpeg.wasm is started with. */
export interface FfmpegStart {
  /** Is at `SOURCE_PATH`. */
  source: Blob;
  /** Of ffmpeg.wasm, with a slash at the end. */
  folder: string;
  /** The shared memory that `PIPE_PATH` writes to; `null`: the output is a file. */
  ring: SharedArrayBuffer | null;
  /** Gets the log, and as the type `pcm` how many bytes were written to the ring. */
  onLog(type: string, message: string): void;
  /** Ends it wherever it is. */
  signal: AbortSignal;
}

/** ffmpeg.wasm in a thread of its own. */
export interface StartedFfmpeg {
  /**
   * One run at a time. @param args all but the name of the output
   * @returns its status, and its output if that is a file and there is one
   */
  run(args: readonly string[]): Promise<{ status: number; file: Uint8Array | null }>;
}

export type StartFfmpeg = (start: FfmpegStart) => Promise<StartedFfmpeg>;

/** Starts it in a worker of the browser. @throws what the library throws, which is mostly an error as text */
export async function startFfmpeg(start: FfmpegStart): Promise<StartedFfmpeg> {
  const { source, folder, ring, onLog, signal } = start;
  // served as it is: bundlers stumble over the address of its worker
  const library: typeof import('@ffmpeg/ffmpeg') = await import(
    /* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ `${folder}index.js`
  );
  // the class does not notice when its worker cannot be loaded, and would wait for ever
  const { ok, status } = await fetch(`${folder}worker.js`);
  if (!ok) throw new Error(`ffmpeg's worker: ${status}`);
  throwIfAborted(signal);
  const ffmpeg = new library.FFmpeg();
  onAbort(signal, () => ffmpeg.terminate());
  ffmpeg.on('log', ({ type, message }) => onLog(type, message));
  await ffmpeg.load({
    coreURL: `${folder}ffmpeg-piped-core.js`,
    wasmURL: `${folder}ffmpeg-core.wasm`,
  });
  await ffmpeg.createDir('/in');
  const blobs = [{ name: 'source', data: source }];
  await ffmpeg.mount(library.FFFSType.WORKERFS, { blobs }, '/in');
  if (ring) {
    await ffmpeg.createDir('/pipe');
    // both are passed on to the core as they are, and ours has this file system as well
    await ffmpeg.mount('PIPEFS' as FFFSType, { ring } as object, '/pipe');
  }
  return {
    async run(args) {
      const code = await ffmpeg.exec([...args, ring ? PIPE_PATH : FILE_PATH]);
      return { status: code, file: ring ? null : await takeFile(ffmpeg) };
    },
  };
}

/** The file that a run has written; `null`: it has failed. */
async function takeFile(ffmpeg: FFmpeg): Promise<Uint8Array | null> {
  const hasFile = (await ffmpeg.listDir('/')).some(({ name }) => `/${name}` === FILE_PATH);
  if (!hasFile) return null;
  const bytes = await ffmpeg.readFile(FILE_PATH);
  await ffmpeg.deleteFile(FILE_PATH);
  // text only where text is asked for
  return typeof bytes === 'string' ? null : bytes;
}
