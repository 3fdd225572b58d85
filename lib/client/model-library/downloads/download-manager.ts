import { AppError, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import type { ModelLibraryChannel, ModelLibraryState } from '../model-library-state';
import { type InstallManifest, type ModelLocks, type Wanted, withWanted } from './install-manifest';
import { removeModelFolder } from './model-storage';
import {
  type DownloadDependencies,
  type DownloadProgress,
  failureOf,
  runDownload,
  sizesOnDisk,
} from './run-download';

/** Held by the tab that downloads, copies or removes a model. The name is shared with older builds. */
const MODEL_LOCK = 'ai2text:model:';

export interface DownloadManagerDependencies extends DownloadDependencies {
  locks: ModelLocks;
  channel: ModelLibraryChannel;
  state: ModelLibraryState;
  /** Nothing is downloaded, resumed or removed. */
  isReadOnly?: boolean;
  /** How long another tab may take to release a model, in ms. */
  stopTimeoutMs: number;
}

/** What this tab is doing for a model, and how to end it. */
interface Run {
  abort: AbortController;
  /** Whether the install manifest still wants it. */
  isWanted(manifest: InstallManifest | null): boolean;
}

/**
 * Carries out what install manifests say. Every tab that sees a wanted download waits for the model's lock:
 * one gets it and works, and when that tab closes the next one resumes. What the user wants is written
 * only into the manifest, and the tab that works on the model follows it.
 */
export class DownloadManager {
  private readonly runs = new Map<string, Run>();
  private readonly following = new Set<string>();
  /** Models whose failure could not be written to their manifest: not retried automatically. */
  private readonly broken = new Set<string>();
  private readonly refreshes = new Map<string, { again: boolean; done: Promise<void> }>();

  constructor(private readonly dependencies: DownloadManagerDependencies) {
    dependencies.channel.onMessage((message) => {
      if (message.kind === 'changed') void this.refresh(message.id);
      else if (message.kind === 'progress')
        dependencies.state.setLive(message.id, message.transfer);
      else this.postProgress();
    });
  }

  /** Notifies all tabs that a manifest has changed, and carries it out. */
  async notifyChanged(id: string): Promise<void> {
    this.broken.delete(id);
    this.dependencies.channel.post({ kind: 'changed', id });
    await this.refresh(id);
  }

  /** Reads a manifest again; never rejects. */
  refresh(id: string): Promise<void> {
    const current = this.refreshes.get(id);
    if (current) {
      current.again = true;
      return current.done;
    }
    const mine = { again: false, done: Promise.resolve() };
    mine.done = (async () => {
      do {
        mine.again = false;
        try {
          await this.refreshOnce(id);
        } catch (error) {
          console.warn(`Model ${id} cannot be looked up`, error);
        }
      } while (mine.again);
      this.refreshes.delete(id);
    })();
    this.refreshes.set(id, mine);
    return mine.done;
  }

  /**
   * Runs a step under the model's lock.
   * @throws STORE_BLOCKED if another tab does not release it; and what the step throws
   */
  async withLock<T>(id: string, step: () => Promise<T>): Promise<T> {
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), this.dependencies.stopTimeoutMs);
    try {
      const locked = this.dependencies.locks.request(
        MODEL_LOCK + id,
        { signal: tooLong.signal },
        () => {
          clearTimeout(timer);
          return step();
        },
      );
      return await locked;
    } catch (error) {
      if (!tooLong.signal.aborted) throw error;
      throw new AppError('STORE_BLOCKED', `Another tab does not release model "${id}".`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs work for a model that is aborted when the manifest no longer wants it. */
  async run(
    id: string,
    isWanted: Run['isWanted'],
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController();
    this.runs.set(id, { abort, isWanted });
    try {
      await work(abort.signal);
    } finally {
      this.runs.delete(id);
      this.dependencies.state.setLive(id, null);
    }
  }

  /** Reports a transfer's progress to this and all other tabs. */
  showProgress(id: string, backend: Backend, totalBytes: number): (now: DownloadProgress) => void {
    const throughput = new Throughput();
    return ({ doneBytes, receivedBytes }) => {
      throughput.note(receivedBytes, performance.now());
      const total = Math.max(totalBytes, doneBytes);
      const secondsLeft = throughput.secondsFor(total - doneBytes);
      const transfer = { backend, doneBytes, totalBytes: total, secondsLeft };
      this.dependencies.state.setLive(id, { state: 'downloading', ...transfer });
      this.dependencies.channel.post({
        kind: 'progress',
        id,
        transfer: { state: 'downloading', ...transfer },
      });
    };
  }

  private postProgress(): void {
    for (const { model, state } of this.dependencies.state.list()) {
      const transfer = state.state === 'installed' ? state.transfer : state;
      if (this.runs.has(model.id) && transfer?.state === 'downloading')
        this.dependencies.channel.post({ kind: 'progress', id: model.id, transfer });
    }
  }

  private async refreshOnce(id: string): Promise<void> {
    const { manifests, state } = this.dependencies;
    const manifest = await manifests.read(id);
    const [first] = manifest?.wanted ?? [];
    const sizes = first ? await sizesOnDisk(id, first.files) : new Map<string, number>();
    const partBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (!isUnderWay(manifest)) state.setLive(id, null);
    state.setStored(id, manifest ? { manifest, partBytes } : null);
    const run = this.runs.get(id);
    if (run && !run.isWanted(manifest)) run.abort.abort();
    const hasWork = manifest?.removing || isUnderWay(manifest);
    if (hasWork && !this.dependencies.isReadOnly) this.follow(id);
  }

  /** Waits for the model's lock, and works when this tab gets it. */
  private follow(id: string): void {
    if (this.following.has(id) || this.broken.has(id)) return;
    this.following.add(id);
    this.dependencies.locks
      .request(MODEL_LOCK + id, () => this.work(id))
      .catch(async (error: unknown) => {
        this.broken.add(id);
        console.warn(`Model ${id} cannot be worked on`, error);
        // update the size on disk: what was written before the disk was full is kept
        await this.refresh(id);
        this.dependencies.state.failLive(id, toAppError(error));
      })
      .finally(() => {
        this.following.delete(id);
        void this.refresh(id);
      });
  }

  /** Does everything that the manifest wants. The caller holds the lock. */
  private async work(id: string): Promise<void> {
    for (;;) {
      const manifest = await this.dependencies.manifests.read(id);
      if (manifest?.removing || manifest?.copying) {
        // a copy cannot be finished after its tab has closed: only that tab had the files
        await removeModelFolder(id);
        await this.announce(id);
        return;
      }
      const next = manifest?.wanted.find(({ state }) => state === 'downloading');
      if (!next) return;
      await this.download(id, next);
      await this.announce(id);
    }
  }

  private async announce(id: string): Promise<void> {
    this.dependencies.channel.post({ kind: 'changed', id });
    await this.refresh(id);
  }

  private async download(id: string, { backend, totalBytes }: Wanted): Promise<void> {
    const isWanted = (manifest: InstallManifest | null) =>
      !manifest?.removing &&
      manifest?.wanted.some((one) => one.backend === backend && one.state === 'downloading') ===
        true;
    await this.run(id, isWanted, async (signal) => {
      try {
        const show = this.showProgress(id, backend, totalBytes);
        await runDownload(id, backend, this.dependencies, signal, show);
      } catch (error) {
        if (signal.aborted) return; // the manifest says what happens next
        console.warn(`Model ${id} was not downloaded`, error);
        await this.dependencies.manifests.update(id, (manifest) => {
          const wanted = manifest?.wanted.find((one) => one.backend === backend);
          if (!manifest || !wanted) return null;
          const failed = { ...wanted, state: 'failed' as const, error: failureOf(error) };
          return withWanted(manifest, backend, failed);
        });
      }
    });
  }
}

function isUnderWay(manifest: InstallManifest | null): boolean {
  if (!manifest || manifest.removing) return false;
  return manifest.copying || manifest.wanted.some(({ state }) => state === 'downloading');
}

/** Time constant of the smoothing, in ms: short interruptions do not make the figure jump. */
const MEMORY_MS = 8_000;
/** No estimate is given before this, in ms: the first pieces come out of buffers. */
const SETTLE_MS = 1_000;

/** Smoothed download speed. */
export class Throughput {
  private startMs: number | null = null;
  private lastMs = 0;
  private lastBytes = 0;
  private bytesPerMs = 0;

  /**
   * Records progress.
   * @param receivedBytes since the start, never decreasing
   */
  note(receivedBytes: number, nowMs: number): void {
    if (this.startMs === null) {
      this.startMs = nowMs;
    } else if (nowMs > this.lastMs) {
      const elapsedMs = nowMs - this.lastMs;
      const now = (receivedBytes - this.lastBytes) / elapsedMs;
      // an exponential moving average, independent of the length of the steps
      const sinceStart = nowMs - this.startMs;
      const share = Math.max(1 - Math.exp(-elapsedMs / MEMORY_MS), elapsedMs / sinceStart);
      this.bytesPerMs += (now - this.bytesPerMs) * Math.min(1, share);
    } else {
      return;
    }
    this.lastMs = nowMs;
    this.lastBytes = receivedBytes;
  }

  /** Estimated seconds for this many more bytes; `null` while there is too little to go by. */
  secondsFor(leftBytes: number): number | null {
    if (this.startMs === null || this.lastMs - this.startMs < SETTLE_MS) return null;
    if (this.bytesPerMs <= 0) return null;
    return leftBytes / this.bytesPerMs / 1000;
  }
}
