import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { WatchedFileRecord } from '@/lib/client/store';
import { type ErrorCode, isAbort, isAppError, newId, throwIfAborted, toAppError } from '@/lib/core';
import { type MediaInfo, readBytes, SAMPLE_RATE_HZ, statedWavSeconds } from '@/lib/engine/audio';
import type { Decoder } from '@/lib/engine/pipeline';

/** Why a file is not taken; `cut-off`: it is shorter than its container states. */
type NotWhole = ErrorCode | 'cut-off';

/** Containers that state their length to the sample. */
const EXACT = ['audio/wav', 'audio/flac', 'audio/aiff'];
/** Rounding of a length in milliseconds, and of resampling. */
const EXACT_WITHIN_MS = 50;

/**
 * Decodes a file to its end, as a job will: one that ends early is incomplete.
 * @returns why it cannot be taken now; `null`: it is whole
 * @throws ABORTED
 */
export async function whyNotWhole(
  file: Blob,
  createDecoder: () => Decoder & { dispose(): void },
  signal: AbortSignal,
): Promise<NotWhole | null> {
  const decoder = createDecoder();
  try {
    const session = await decoder.open(file, { startSample: 0, signal });
    let samples = 0;
    for (;;) {
      throwIfAborted(signal);
      const chunk = await session.read(signal);
      if (!chunk) break;
      samples = chunk.startSample + chunk.pcm.length;
    }
    if (session.notices.some(({ kind }) => kind === 'cut-off')) return 'cut-off';
    const statedMs = await exactLengthMs(file, session.info);
    const decodedMs = (samples / SAMPLE_RATE_HZ) * 1000;
    return statedMs !== null && decodedMs < statedMs - EXACT_WITHIN_MS ? 'cut-off' : null;
  } catch (error) {
    if (isAbort(error)) throw error;
    const { code } = toAppError(error, 'DECODE_FAILED');
    return code === 'DECODE_INCOMPLETE' ? 'cut-off' : code;
  } finally {
    decoder.dispose();
  }
}

/** The length that a container states, where it does so exactly; else `null`. */
async function exactLengthMs(
  file: Blob,
  { mediaType, durationMs }: Pick<MediaInfo, 'mediaType' | 'durationMs'>,
): Promise<number | null> {
  if (!EXACT.includes(mediaType)) return null;
  if (mediaType !== 'audio/wav') return durationMs;
  // decoders give the length of what is there
  const seconds = await statedWavSeconds(file);
  return seconds === null ? null : seconds * 1000;
}

/** A file must not change for this long, in ms: then nobody is writing to it, or the writer has paused. */
export const STILL_MS = 5_000;

/** A file that is not taken in its current state. */
export interface RefusedFile {
  path: string;
  reason: NotWhole;
}

/** The result of a look. */
interface FolderState {
  /** How many files are still changing, or changed a moment ago. */
  settling: number;
  refused: RefusedFile[];
}

interface LookDependencies {
  folder: FileSystemDirectoryHandle;
  /** In ms, never going back. */
  now(): number;
  isMedia(file: File): boolean;
  listKnown(): Promise<WatchedFileRecord[]>;
  putKnown(file: WatchedFileRecord): Promise<void>;
  /** Why a file is incomplete; `null`: it is complete. */
  whyNotWhole(file: File, signal: AbortSignal): Promise<NotWhole | null>;
  /** Queues a file as the job with this id. */
  take(file: File, id: string): Promise<void>;
  hasJob(id: string): Promise<boolean>;
}

/** A file as a look found it. */
interface Seen {
  sizeBytes: number;
  modifiedMs: number;
  /** When it was first seen like this. */
  sinceMs: number;
  /** Set once it was read. */
  fingerprint?: string;
  refused?: NotWhole;
}

/** Scans a folder, one look at a time, and takes every recording in it once. */
export class FolderLook {
  /** By path. */
  #seen = new Map<string, Seen>();

  constructor(private readonly dependencies: LookDependencies) {}

  /**
   * @throws NotFoundError or NotAllowedError when the folder is gone or may not be read; what storing throws
   */
  async look(signal: AbortSignal): Promise<FolderState> {
    // read each time: whether a transcript was written is noted by others
    const known = await this.#readKnown();
    const found = new Map<string, Seen>();
    let settling = 0;
    for await (const { path, handle } of filesIn(this.dependencies.folder)) {
      throwIfAborted(signal);
      const file = await fileOf(handle);
      if (!file || !this.dependencies.isMedia(file)) continue;
      const seen = this.#see(path, file);
      found.set(path, seen);
      if (file.size === 0) continue;
      if (!(await this.#isTaken(path, handle, file, seen, known, signal))) settling++;
    }
    this.#seen = found;
    return {
      settling,
      refused: [...found].flatMap(([path, { refused }]) =>
        refused ? [{ path, reason: refused }] : [],
      ),
    };
  }

  /** Reads which files were taken before, leaving out those that were being taken but got no job. */
  async #readKnown(): Promise<Map<string, WatchedFileRecord>> {
    const known = new Map<string, WatchedFileRecord>();
    for (const record of await this.dependencies.listKnown()) {
      if (record.state === 'taking') {
        if (!(await this.dependencies.hasJob(record.transcriptId ?? ''))) continue;
        await this.dependencies.putKnown({ ...record, state: 'taken' });
      }
      known.set(record.fingerprint, record);
    }
    return known;
  }

  #see(path: string, file: File): Seen {
    const before = this.#seen.get(path);
    const isSame = before?.sizeBytes === file.size && before.modifiedMs === file.lastModified;
    return isSame
      ? before
      : {
          sizeBytes: file.size,
          modifiedMs: file.lastModified,
          sinceMs: this.dependencies.now(),
        };
  }

  /** Takes a file that has stopped changing, unless it is known. @returns false: it may still be changing */
  async #isTaken(
    path: string,
    handle: FileSystemFileHandle,
    file: File,
    seen: Seen,
    known: Map<string, WatchedFileRecord>,
    signal: AbortSignal,
  ): Promise<boolean> {
    // a refused file may have been completed since, with its size and date unchanged
    if (seen.fingerprint && !seen.refused) return true;
    const fingerprint = await tryFingerprint(file);
    if (fingerprint === null) return false;
    const record = known.get(fingerprint);
    if (record) {
      seen.fingerprint = fingerprint;
      delete seen.refused;
      // it was renamed, moved or copied
      if (record.path !== path) await this.#remember({ ...record, path }, known);
      return true;
    }
    if (this.dependencies.now() - seen.sinceMs < STILL_MS) return false;
    if (seen.fingerprint === fingerprint) return true;
    const reason = await this.dependencies.whyNotWhole(file, signal);
    const now = await fileOf(handle);
    if (now?.size !== file.size || now.lastModified !== file.lastModified) return false;
    seen.fingerprint = fingerprint;
    if (reason) {
      seen.refused = reason;
      return true;
    }
    delete seen.refused;
    const transcriptId = newId();
    const taking = { fingerprint, path, transcriptId, isWritten: false };
    await this.#remember({ ...taking, state: 'taking' }, known);
    await this.dependencies.take(file, transcriptId);
    await this.#remember({ ...taking, state: 'taken' }, known);
    return true;
  }

  async #remember(record: WatchedFileRecord, known: Map<string, WatchedFileRecord>): Promise<void> {
    await this.dependencies.putKnown(record);
    known.set(record.fingerprint, record);
  }
}

/** @returns `null`: it changed while it was read */
async function tryFingerprint(file: File): Promise<string | null> {
  try {
    return await fingerprintOf(file);
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('SOURCE_')) return null;
    throw error;
  }
}

/** Records of all recordings now in a folder, marked as not to be taken. */
export async function ignoredFiles(
  folder: FileSystemDirectoryHandle,
  isMedia: (file: File) => boolean,
): Promise<WatchedFileRecord[]> {
  const ignored: WatchedFileRecord[] = [];
  for await (const { path, handle } of filesIn(folder)) {
    const file = await fileOf(handle);
    if (!file || !isMedia(file) || file.size === 0) continue;
    const fingerprint = await tryFingerprint(file);
    if (fingerprint === null) continue;
    ignored.push({ fingerprint, path, state: 'ignored', transcriptId: null, isWritten: false });
  }
  return ignored;
}

/** Files in a folder and its subfolders, except hidden ones: programs write to those before they rename them. */
async function* filesIn(
  folder: FileSystemDirectoryHandle,
  before = '',
): AsyncGenerator<{ path: string; handle: FileSystemFileHandle }> {
  for await (const [name, entry] of folder.entries()) {
    if (name.startsWith('.')) continue;
    const path = before + name;
    if (isFile(entry)) yield { path, handle: entry };
    else if (isFolder(entry)) yield* filesIn(entry, `${path}/`);
  }
}

const isFile = (entry: FileSystemHandle): entry is FileSystemFileHandle => entry.kind === 'file';
const isFolder = (entry: FileSystemHandle): entry is FileSystemDirectoryHandle =>
  entry.kind === 'directory';

/** @returns `null`: it is gone, or locked by the program that writes it */
async function fileOf(handle: FileSystemFileHandle): Promise<File | null> {
  try {
    return await handle.getFile();
  } catch (error) {
    if (error instanceof DOMException && /^Not(Found|Readable)Error$/.test(error.name)) return null;
    throw error;
  }
}

/** A large file is sampled at this many places, with this many bytes each: 1 MiB in all. */
const PLACES = 16;
const PLACE_BYTES = 65_536;

/**
 * Identifies a file regardless of its name: by its length and content, which is sampled evenly from beginning to
 * end if the file is large.
 * @throws SOURCE_GONE, SOURCE_UNREADABLE
 */
export async function fingerprintOf(file: Blob): Promise<string> {
  const hash = sha256.create().update(utf8ToBytes(`${file.size}:`));
  const lastAt = Math.max(0, file.size - PLACE_BYTES);
  const step = Math.max(PLACE_BYTES, lastAt / (PLACES - 1));
  for (let place = 0; place < PLACES; place++) {
    const at = Math.min(lastAt, Math.round(place * step));
    hash.update(await readBytes(file, at, PLACE_BYTES));
    if (at === lastAt) break;
  }
  return bytesToHex(hash.digest());
}
