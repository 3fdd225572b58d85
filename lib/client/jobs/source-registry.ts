import pLimit from 'p-limit';
import type { Locks } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { Repository } from './repository';

/** Held by the tab that has a job's file open, for as long as only that tab has it. */
const SOURCE_LOCK = 'ai2text:source:';

/** A file that is open in this tab. */
interface OpenFile {
  file: File;
  /** Lets other tabs know that the file is not open any more. */
  release(): void;
  /** Set while the file is, or waits to be, copied. */
  copy: AbortController | null;
}

/**
 * The recordings of unfinished jobs: files open in this tab, and the copies kept by the browser.
 * Copying goes on beside transcription, one file after the other; once a copy is whole, any tab
 * can go on with the job.
 */
export class SourceRegistry {
  private readonly open = new Map<string, OpenFile>();
  private readonly watched = new Set<string>();
  private readonly oneCopy = pLimit(1);
  private readonly life = new AbortController();

  constructor(
    private readonly repository: Repository,
    private readonly locks: Locks,
  ) {}

  /** Takes a file for a job and begins to copy it, unless that is not wanted. */
  add(id: string, file: File, keep: boolean): void {
    this.discard(id);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // held until released; a tab that closes lets go by itself
    this.locks.request(SOURCE_LOCK + id, { ifAvailable: true }, () => held).catch(() => undefined); // without the lock other tabs only ask for the file too early
    const copy = keep ? new AbortController() : null;
    const entry: OpenFile = { file, release, copy };
    this.open.set(id, entry);
    if (copy) void this.oneCopy(() => this.copy(id, entry, copy.signal));
  }

  /** The recording of a job: the kept copy, else this tab's file, else `null`. */
  async get(id: string): Promise<{ blob: Blob; isKept: boolean } | null> {
    const record = await this.repository.getTranscript(id);
    const kept = record?.media === 'kept' ? await this.repository.getMedia(id) : null;
    if (kept) return { blob: kept, isKept: true };
    const file = this.open.get(id)?.file;
    return file ? { blob: file, isKept: false } : null;
  }

  /** Ids of jobs whose file is open in some tab. */
  async openAnywhere(): Promise<Set<string>> {
    const { held = [] } = await this.locks.query();
    const names = held
      // one who waits for it has it for a moment too: to take that for open would be told again
      .filter((lock) => lock.mode === 'exclusive')
      .map((lock) => lock.name ?? '')
      .filter((name) => name.startsWith(SOURCE_LOCK));
    return new Set([...this.open.keys(), ...names.map((name) => name.slice(SOURCE_LOCK.length))]);
  }

  /** Calls back once when another tab, which has the file open now, has let it go. */
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

  /** The job needs the file no more. A copy that is under way is brought to its end. */
  release(id: string): void {
    if (!this.open.get(id)?.copy) this.discard(id);
  }

  /** The job is gone for good: its copy is not wanted either. */
  discard(id: string): void {
    const entry = this.open.get(id);
    if (!entry) return;
    entry.copy?.abort();
    entry.release();
    this.open.delete(id);
  }

  /**
   * Settles what tabs that closed left half done: a copy that nobody makes any more is none.
   * Called once when the page opens.
   */
  async resolveUnfinishedCopies(): Promise<void> {
    const [records, open] = await Promise.all([
      this.repository.listTranscripts(),
      this.openAnywhere(),
    ]);
    for (const { id, media } of records)
      if (media === 'copying' && !open.has(id))
        await this.repository.updateTranscript(id, { media: 'none' });
  }

  dispose(): void {
    this.life.abort();
    for (const id of [...this.open.keys()]) this.discard(id);
  }

  private async copy(id: string, entry: OpenFile, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) return;
      const { file } = entry;
      if (!(await this.repository.getTranscript(id))) return; // taken away while it waited
      if (!(await this.repository.hasQuotaFor(file.size)))
        throw new AppError('STORE_QUOTA', `No room for ${file.size} bytes.`);
      await this.repository.keepMedia(id, file, signal);
      await this.repository.updateTranscript(id, { media: 'kept' });
      // from here on the copy is the source, in every tab
      if (this.open.get(id) === entry) this.discard(id);
    } catch (error) {
      if (signal.aborted) return;
      // the text does not depend on the copy: the job goes on, and the page says it is not kept
      console.warn('The recording is not kept', error);
      await this.repository
        .updateTranscript(id, { media: 'none' })
        .catch((cause: unknown) => console.warn('Could not note that a copy failed', cause));
    } finally {
      entry.copy = null;
    }
  }
}
