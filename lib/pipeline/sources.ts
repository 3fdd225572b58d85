import pLimit from 'p-limit';
import { AppError, isAbort } from '../core/errors';
import type { Repository } from './repository';

/** The part of `navigator.locks` used here. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/** Held by the tab that has a job's file open, for as long as only that tab has it. */
const SOURCE_LOCK = 'ai2text:source:';

/**
 * The recordings of unfinished jobs: files open in this tab, and the copies kept by the browser.
 * Copying goes on beside transcription, one file after the other; once a copy is whole, any tab
 * can go on with the job.
 */
export class Sources {
  private readonly files = new Map<string, { file: File; release: () => void }>();
  private readonly oneCopy = pLimit(1);
  private readonly abort = new AbortController();

  constructor(
    private readonly repository: Repository,
    private readonly locks: Locks,
  ) {}

  /** Takes a file for a job and begins to copy it, unless that is not wanted. */
  add(id: string, file: File, keep: boolean): void {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // held until released; a tab that closes lets go by itself
    this.locks.request(SOURCE_LOCK + id, { ifAvailable: true }, () => held).catch(() => undefined); // without the lock other tabs only ask for the file too early
    this.files.set(id, { file, release });
    if (keep) void this.oneCopy(() => this.copy(id, file));
  }

  /** The recording of a job: this tab's file, else the kept copy, else `null`. */
  async get(id: string): Promise<Blob | null> {
    const open = this.files.get(id);
    if (open) return open.file;
    const record = await this.repository.getTranscript(id);
    return record?.media === 'kept' ? this.repository.getMedia(id) : null;
  }

  /** Ids of jobs whose file is open in some tab. */
  async openAnywhere(): Promise<Set<string>> {
    const { held = [] } = await this.locks.query();
    const names = held
      .map((lock) => lock.name ?? '')
      .filter((name) => name.startsWith(SOURCE_LOCK));
    return new Set([...this.files.keys(), ...names.map((name) => name.slice(SOURCE_LOCK.length))]);
  }

  /** Lets a file go: its job is done, or was taken away. */
  drop(id: string): void {
    this.files.get(id)?.release();
    this.files.delete(id);
  }

  dispose(): void {
    this.abort.abort();
    for (const id of [...this.files.keys()]) this.drop(id);
  }

  private async copy(id: string, file: File): Promise<void> {
    try {
      if (!(await this.repository.getTranscript(id))) return; // taken away while it waited
      if (!(await this.repository.hasRoomFor(file.size)))
        throw new AppError('STORE_QUOTA', `No room for ${file.size} bytes.`);
      await this.repository.keepMedia(id, file, this.abort.signal);
      await this.repository.updateTranscript(id, { media: 'kept' });
    } catch (error) {
      if (isAbort(error)) return;
      // the text does not depend on the copy: the job goes on, and the page says it is not kept
      await this.repository
        .updateTranscript(id, { media: 'none' })
        .catch((cause: unknown) => console.warn('Could not note that a copy failed', cause));
    }
  }
}
