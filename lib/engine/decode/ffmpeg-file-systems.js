// @ts-check
// What the file system of `@ffmpeg/core` lacks for media of any length, for browsers and for threads of Node.

/** Read at once: each read of a `Blob` costs far more than its bytes. */
const READ_AHEAD_BYTES = 1 << 20;
/** Written before the reader hears of it: with 16 KiB AIFF took 1.23 times as long as with 64. */
const ANNOUNCED_BYTES = 1 << 16;
/** Emscripten's mode of a regular file that anybody may read and write. */
const FILE_MODE = 0o100666;

/**
 * The parts of Emscripten's module that are used here.
 * @typedef {{
 *   FS: {
 *     filesystems: {
 *       MEMFS: {
 *         mount(mount: object): object,
 *         createNode(parent: object, name: string, mode: number, device: number): { stream_ops: object },
 *       },
 *       WORKERFS: { reader: SyncReader | null, stream_ops: { read: Read } },
 *       PIPEFS?: object,
 *     },
 *   },
 *   logger(entry: { type: string, message: string }): void,
 * }} Core
 * @typedef {{ readAsArrayBuffer(piece: Blob): ArrayBuffer }} SyncReader
 * @typedef {(
 *   stream: { node: { contents: Blob } },
 *   buffer: Int8Array,
 *   offset: number,
 *   length: number,
 *   position: number,
 * ) => number} Read
 */

/**
 * Gives a core the file system `PIPEFS`, and quick reads to its `WORKERFS`.
 * @param {Core} core
 * @param {SyncReader} reader reads what `WORKERFS` is given, and waits
 */
export function addFileSystems(core, reader) {
  const { filesystems } = core.FS;
  const { WORKERFS } = filesystems;
  WORKERFS.reader = reader;
  WORKERFS.stream_ops.read = readAhead(reader);
  filesystems.PIPEFS = pipes(core);
}

/**
 * Reads files of WORKERFS in large pieces. A failed read ends ffmpeg's run with the reader's error.
 * @param {SyncReader} reader
 */
function readAhead(reader) {
  /** @type {Blob | null} */
  let source = null;
  let ahead = new Uint8Array(0);
  let aheadStart = 0;

  /** @type {Read} */
  const read = ({ node: { contents } }, buffer, offset, length, position) => {
    if (position >= contents.size) return 0;
    const isAhead = position >= aheadStart && position < aheadStart + ahead.length;
    if (contents !== source || !isAhead) {
      const piece = contents.slice(position, position + READ_AHEAD_BYTES);
      ahead = new Uint8Array(reader.readAsArrayBuffer(piece));
      aheadStart = position;
      source = contents;
    }
    const part = ahead.subarray(position - aheadStart, position - aheadStart + length);
    buffer.set(new Int8Array(part.buffer, part.byteOffset, part.length), offset);
    return part.length;
  };
  return read;
}

/**
 * A file system of one file, `pcm`, whose bytes go to another thread through a ring in shared memory
 * (its form: ffmpeg-program.ts). While the ring is full, writing blocks, and ffmpeg with it. Entries in the
 * log say how many bytes were written so far: they keep their place among the other entries.
 * @param {Core} core
 */
function pipes(core) {
  const { MEMFS } = core.FS.filesystems;
  return {
    ...MEMFS,
    /** @param {{ opts: { ring: SharedArrayBuffer } }} mount */
    mount({ opts: { ring } }) {
      const counters = new Int32Array(ring, 0, 2);
      const bytes = new Uint8Array(ring, counters.byteLength);
      let written = 0;
      let announced = 0;
      const announce = () => {
        announced = written;
        core.logger({ type: 'pcm', message: String(written) });
      };
      /** @param {Uint8Array} from as much as fits is taken */
      const put = (from) => {
        const read = Atomics.load(counters, 1);
        const start = written % bytes.length;
        const free = bytes.length - ((written - read) >>> 0);
        const part = from.subarray(0, Math.min(free, bytes.length - start));
        bytes.set(part, start);
        written += part.length;
        Atomics.store(counters, 0, written | 0);
        if (free === 0) {
          if (announced < written) announce();
          Atomics.wait(counters, 1, read);
        } else if (written - announced >= ANNOUNCED_BYTES) announce();
        return part.length;
      };
      const root = MEMFS.mount({});
      MEMFS.createNode(root, 'pcm', FILE_MODE, 0).stream_ops = {
        /** @param {{ seekable: boolean }} stream */
        open: (stream) => {
          stream.seekable = false;
        },
        /** @param {object} _ @param {Int8Array} buffer @param {number} offset @param {number} length */
        write: (_, buffer, offset, length) => {
          const all = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
          for (let done = 0; done < length; ) done += put(all.subarray(done));
          return length;
        },
      };
      return root;
    },
  };
}
