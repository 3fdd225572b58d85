import pLimit from 'p-limit';
import { getTranscript, type Locks, listTranscripts, updateTranscript } from '@/lib/client/store';
import { AppError } from '@/lib/core';

/** Held by the tab that has a job's file open, as long as there is no copy. */
const SOURCE_LOCK = 'ai2text:source:';

/** Where copies of recordings are kept; `lib/client/store` has the real one, in OPFS. */
export interface MediaStore {
  getMedia(id: string): Promise<Blob | null>;
  keepMedia(id: string, source: Blob, signal: AbortSignal): Promise<void>;
  hasQuotaFor(sizeBytes: number): Promise<boolean>;
}

/** A file that is open in this tab. */
interface OpenFile {
  file: File;
  /** Releases the lock: the file is no longer open in this tab. */
  release(): void;
  /** Set while the file is, or waits to be, copied. */
  copy: AbortController | null;
}

/**
 * The recordings of unfinished jobs: files open in this tab, and copies stored by the browser. Files are
 * copied one after another during transcription; once a copy is complete, any tab can resume the job.
 */
export class SourceRegistry {
  private readonly open = new Map<string, OpenFile>();
  private readonly watched = new Set<string>();
  private readonly oneCopy = pLimit(1);
  private readonly life = new AbortController();

  constructor(
    private readonly mediaStore: MediaStore,
    private readonly locks: Locks,
  ) {}

  /** Registers a job's file. @param keep whether to copy it into the browser's storage */
  add(id: string, file: File, keep: boolean): void {
    this.discard(id);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // held until released; a closing tab releases it automatically
    this.locks.request(SOURCE_LOCK + id, { ifAvailable: true }, () => held).catch(() => undefined); // without the lock, other tabs only ask for the file too early
    const copy = keep ? new AbortController() : null;
    const entry: OpenFile = { file, release, copy };
    this.open.set(id, entry);
    if (copy) void this.oneCopy(() => this.copy(id, entry, copy.signal));
  }

  /** The recording of a job: the stored copy, else this tab's file, else `null`. */
  async get(id: string): Promise<{ blob: Blob; isKept: boolean } | null> {
    const record = await getTranscript(id);
    const kept = record?.media === 'kept' ? await this.mediaStore.getMedia(id) : null;
    if (kept) return { blob: kept, isKept: true };
    const file = this.open.get(id)?.file;
    return file ? { blob: file, isKept: false } : null;
  }

  /** Ids of jobs whose file is open in some tab. */
  async openAnywhere(): Promise<Set<string>> {
    const { held = [] } = await this.locks.query();
    const names = held
      // shared locks belong to tabs that were waiting for the release (`onReleased`)
      .filter((lock) => lock.mode === 'exclusive')
      .map((lock) => lock.name ?? '')
      .filter((name) => name.startsWith(SOURCE_LOCK));
    return new Set([...this.open.keys(), ...names.map((name) => name.slice(SOURCE_LOCK.length))]);
  }

  /** Calls back once when the tab that has the file open now has released it. */
  onReleased(id: string, callback: () => void): void {
    if (this.open.has(id) || this.watched.has(id)) return;
    this.watched.add(id);
    this.locks
      .request(SOURCE_LOCK + id, { mode: 'shared', signal: this.life.signal }, () => undefined)
      .then(
        () => {
          this.watched.delete(id);
          callback();
        },
        () => undefined, // this tab is closing
      );
  }

  /** The job no longer needs the file. A copy in progress is completed first. */
  release(id: string): void {
    if (!this.open.get(id)?.copy) this.discard(id);
  }

  /** The job is gone: its file is released and a copy in progress is aborted. */
  discard(id: string): void {
    const entry = this.open.get(id);
    if (!entry) return;
    entry.copy?.abort();
    entry.release();
    this.open.delete(id);
  }

  /**
   * Marks copies that closed tabs left unfinished as not stored. Called once when the page opens.
   */
  async resolveUnfinishedCopies(): Promise<void> {
    const [records, open] = await Promise.all([listTranscripts(), this.openAnywhere()]);
    for (const { id, media } of records)
      if (media === 'copying' && !open.has(id)) await updateTranscript(id, { media: 'none' });
  }

  dispose(): void {
    this.life.abort();
    for (const id of [...this.open.keys()]) this.discard(id);
  }

  private async copy(id: string, entry: OpenFile, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) return;
      const { file } = entry;
      if (!(await getTranscript(id))) return; // deleted while it waited
      if (!(await this.mediaStore.hasQuotaFor(file.size)))
        throw new AppError('STORE_QUOTA', `No room for ${file.size} bytes.`);
      await this.mediaStore.keepMedia(id, file, signal);
      await updateTranscript(id, { media: 'kept' });
      // from here on every tab uses the copy
      if (this.open.get(id) === entry) this.discard(id);
    } catch (error) {
      if (signal.aborted) return;
      // the job does not depend on the copy: it continues, and the page shows that it is not stored
      console.warn('The recording could not be stored', error);
      await updateTranscript(id, { media: 'none' }).catch((cause: unknown) =>
        console.warn('Could not note that a copy failed', cause),
      );
    } finally {
      entry.copy = null;
    }
  }
}
