import type { WatchedFileRecord } from '@/lib/client/store';
import { isAppError, newId, throwIfAborted } from '@/lib/core';
import { fingerprintOf } from './fingerprint';
import type { NotWhole } from './whole-file';

/** A file has to stand still for this long, in ms: nobody is writing it then, or has paused. */
export const STILL_MS = 5_000;

/** A file that is not taken as it is now. */
export interface RefusedFile {
  path: string;
  reason: NotWhole;
}

/** What a look has found. */
export interface FolderState {
  /** How many files are still changing, or changed a moment ago. */
  settling: number;
  refused: RefusedFile[];
}

export interface LookDependencies {
  folder: FileSystemDirectoryHandle;
  /** In ms, never going back. */
  now(): number;
  isMedia(file: File): boolean;
  listKnown(): Promise<WatchedFileRecord[]>;
  putKnown(file: WatchedFileRecord): Promise<void>;
  /** Why a file is not whole; `null`: it is. */
  whyNotWhole(file: File, signal: AbortSignal): Promise<NotWhole | null>;
  /** Queues a file as the job with this id. */
  take(file: File, id: string): Promise<void>;
  hasJob(id: string): Promise<boolean>;
}

/** A file as it was at a look. */
interface Seen {
  sizeBytes: number;
  modifiedMs: number;
  /** When it was first seen like this. */
  sinceMs: number;
  /** Set once it was read. */
  fingerprint?: string;
  refused?: NotWhole;
}

/** Looks at a folder, one look at a time, and takes every recording in it once. */
export class FolderLook {
  /** By path. */
  #seen = new Map<string, Seen>();
  /** By fingerprint; `null` until it is read. */
  #known: Map<string, WatchedFileRecord> | null = null;

  constructor(private readonly dependencies: LookDependencies) {}

  /**
   * @throws NotFoundError or NotAllowedError when the folder is gone or may not be read; what storing throws
   */
  async look(signal: AbortSignal): Promise<FolderState> {
    this.#known ??= await this.#readKnown();
    const known = this.#known;
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

  /** Reads what was taken before; what was begun and has no job is taken again. */
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

  /** Takes a file that stands still, unless it is known. @returns false: it may still be changing */
  async #isTaken(
    path: string,
    handle: FileSystemFileHandle,
    file: File,
    seen: Seen,
    known: Map<string, WatchedFileRecord>,
    signal: AbortSignal,
  ): Promise<boolean> {
    // one that was refused may have been filled since, without a sign of it from outside
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

/** All recordings in a folder as it is, as ones that are not to be taken. */
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

/** Files in a folder and below it, but for hidden ones: programs write to those before they rename them. */
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
