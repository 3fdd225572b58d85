// A thread that runs the app's own ffmpeg. `@ffmpeg/core` is built for workers of browsers: of what those have it
// wants its own address, and a reader of files that waits.
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { addFileSystems } from '@/lib/engine/decode/ffmpeg-file-systems.js';
import { messageOf } from '../command/errors';
import {
  COUNTER_BYTES,
  FAILED,
  type FfmpegNews,
  type FfmpegOrder,
  PENDING,
} from './ffmpeg-protocol';

/** As much of Emscripten's module as is used here. */
interface Core {
  FS: {
    filesystems: Record<'WORKERFS' | 'PIPEFS', object>;
    mkdir(path: string): void;
    mount(type: object, options: object, path: string): void;
  };
  ret: number;
  setLogger(onLog: (entry: { type: string; message: string }) => void): void;
  exec(...args: string[]): void;
  reset(): void;
}

interface CoreOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    onInstance: (instance: WebAssembly.Instance) => void,
  ): object;
}

const say = (news: FfmpegNews) => parentPort?.postMessage(news);

/** Stands for the source, or a part of it: the thread that has it reads it. */
class Source {
  constructor(
    readonly size: number,
    readonly start = 0,
    readonly end = size,
  ) {}

  slice(start: number, end: number): Source {
    return new Source(this.size, start, Math.min(end, this.size));
  }
}

/** Reads parts of the source as a worker of a browser reads a file: the caller waits. */
function readerOf(window: SharedArrayBuffer) {
  const counter = new Int32Array(window, 0, 1);
  const bytes = new Uint8Array(window, COUNTER_BYTES);
  return {
    readAsArrayBuffer({ start, end }: Source): ArrayBuffer {
      Atomics.store(counter, 0, PENDING);
      say({ kind: 'read', start, end });
      Atomics.wait(counter, 0, PENDING);
      const length = Atomics.load(counter, 0);
      if (length === FAILED) throw new Error('The source could not be read.');
      return bytes.slice(0, length).buffer;
    },
  };
}

async function start({ module, sizeBytes, ring, window }: Extract<FfmpegOrder, { kind: 'start' }>) {
  Object.assign(globalThis, { self: { location: { href: import.meta.url } } });
  // its modules are such for browsers alone: Node before 20.19 would take them for scripts
  const createCore: (options: CoreOptions) => Promise<Core> = createRequire(import.meta.url)(
    '@ffmpeg/core',
  );
  const core = await createCore({
    instantiateWasm(imports, onInstance) {
      const instance = new WebAssembly.Instance(module, imports);
      onInstance(instance);
      return instance.exports;
    },
  });
  core.setLogger(({ type, message }) => say({ kind: 'log', type, message }));
  // what stands for a blob is read by our own reader alone
  addFileSystems(core as never, readerOf(window) as never);
  const { FS } = core;
  FS.mkdir('/in');
  const blobs = [{ name: 'source', data: new Source(sizeBytes) }];
  FS.mount(FS.filesystems.WORKERFS, { blobs }, '/in');
  FS.mkdir('/pipe');
  FS.mount(FS.filesystems.PIPEFS, { ring }, '/pipe');
  say({ kind: 'started' });
  return core;
}

let core: Core | null = null;

parentPort?.on('message', async (order: FfmpegOrder) => {
  try {
    if (order.kind === 'start') core = await start(order);
    else if (core) {
      core.exec(...order.args);
      say({ kind: 'ended', status: core.ret });
      core.reset();
    }
  } catch (error) {
    say({ kind: 'failed', message: messageOf(error) });
  }
});
