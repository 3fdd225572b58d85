import { readError } from '@/lib/engine/audio';

/** The part of `@ffmpeg/core` (Emscripten's module around ffmpeg 5.1) that is used here. */
export interface FfmpegCore {
  FS: {
    mkdir(path: string): void;
    mount(type: object, options: object, path: string): void;
    filesystems: { WORKERFS: object };
    lookupPath(path: string): { node: FileNode };
    makedev(major: number, minor: number): number;
    registerDevice(device: number, operations: DeviceOperations): void;
    mkdev(path: string, device: number): void;
    ErrnoError: new (errno: number) => Error;
  };
  /** 0 after a run that succeeded. */
  ret: number;
  exec(...args: string[]): number;
  reset(): void;
  setTimeout(ms: number): void;
  setLogger(logger: (entry: { type: string; message: string }) => void): void;
}

interface FileNode {
  stream_ops: { read: ReadOperation };
}

type ReadOperation = (
  stream: object,
  buffer: Int8Array,
  offset: number,
  length: number,
  position: number,
) => number;

interface DeviceOperations {
  open(stream: { seekable: boolean }): void;
  close(): void;
  read(): number;
  write(stream: object, buffer: Int8Array, offset: number, length: number): number;
}

/** Emscripten's number for "input/output error". */
const EIO = 29;

const READ_AHEAD_BYTES = 1 << 20;

/** Names inside the core's file system. */
export const SOURCE_PATH = '/in/source';
export const PCM_PATH = '/dev/pcm';

/** @param coreUrl folder of the core, with a slash at the end */
export async function loadFfmpeg(coreUrl: string): Promise<FfmpegCore> {
  const scriptUrl = `${coreUrl}ffmpeg-core.js`;
  const made: { default(options: object): Promise<FfmpegCore> } = await import(
    /* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ scriptUrl
  );
  // the core reads its addresses from the fragment of this one
  const addresses = btoa(JSON.stringify({ wasmURL: `${coreUrl}ffmpeg-core.wasm`, workerURL: '' }));
  const core = await made.default({ mainScriptUrlOrBlob: `${scriptUrl}#${addresses}` });
  core.setTimeout(-1);
  return core;
}

/**
 * Puts the source where ffmpeg can read it. Nothing is copied: it is read in pieces of a megabyte,
 * since each read of a `Blob` costs far more than the bytes.
 * @returns gives the error of a failed read, which ffmpeg itself only knows as a number
 */
export function mountSource(core: FfmpegCore, source: Blob): () => Error | null {
  const { FS } = core;
  FS.mkdir('/in');
  FS.mount(FS.filesystems.WORKERFS, { blobs: [{ name: 'source', data: source }] }, '/in');
  const { node } = FS.lookupPath(SOURCE_PATH);
  const reader = new FileReaderSync();
  let failed: Error | null = null;
  let ahead = new Uint8Array(0);
  let aheadStart = 0;

  const read: ReadOperation = (_stream, buffer, offset, length, position) => {
    if (position >= source.size) return 0;
    if (position < aheadStart || position >= aheadStart + ahead.length) {
      try {
        ahead = new Uint8Array(
          reader.readAsArrayBuffer(source.slice(position, position + READ_AHEAD_BYTES)),
        );
        aheadStart = position;
      } catch (cause) {
        failed = readError(cause) ?? (cause instanceof Error ? cause : new Error(String(cause)));
        throw new FS.ErrnoError(EIO);
      }
    }
    const from = position - aheadStart;
    const part = ahead.subarray(from, from + length);
    new Uint8Array(buffer.buffer, buffer.byteOffset + offset, part.length).set(part);
    return part.length;
  };
  node.stream_ops = { ...node.stream_ops, read };
  return () => failed;
}

/** Makes the file that ffmpeg writes its output to: a device that hands the bytes on. */
export function mountOutput(core: FfmpegCore, write: (bytes: Uint8Array) => void): void {
  const { FS } = core;
  const device = FS.makedev(64, 1);
  FS.registerDevice(device, {
    open: (stream) => {
      stream.seekable = false;
    },
    close: () => undefined,
    read: () => 0,
    write: (_stream, buffer, offset, length) => {
      write(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
      return length;
    },
  });
  FS.mkdev(PCM_PATH, device);
}
