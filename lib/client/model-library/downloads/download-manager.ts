import { AppError, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import type { LibraryChannel } from '../model-library-channel';
import type { LibraryState } from '../model-library-state';
import { failureOf } from './failure';
import { type Marker, type Wanted, withWanted } from './install-manifest';
import type { ModelLocks } from './install-manifest-store';
import { removeModelFolder } from './model-storage';
import {
  type DownloadParts,
  type DownloadProgress,
  runDownload,
  sizesOnDisk,
} from './run-download';
import { Pace } from './throughput';

/** Held by the tab that downloads, copies or removes a model. */
const MODEL_LOCK = 'ai2text:model:';

export interface KeeperParts extends DownloadParts {
  locks: ModelLocks;
  channel: LibraryChannel;
  state: LibraryState;
  /** How long another tab may take to let go of a model, in ms. */
  stopTimeoutMs: number;
}

/** What this tab is doing for a model, and how to end it. */
interface Run {
  abort: AbortController;
  /** Whether the marker still wants it. */
  isWanted(marker: Marker | null): boolean;
}

/**
 * Makes true what markers say. Every tab that sees a wanted download waits for the model's lock:
 * one gets it and works, and when that tab closes the next one goes on. What the user wants is
 * only ever written into the marker; whoever works on the model sees it there and obeys.
 */
export class DownloadKeeper {
  private readonly runs = new Map<string, Run>();
  private readonly following = new Set<string>();
  /** Models whose work failed without a trace in their marker: not tried again by themselves. */
  private readonly broken = new Set<string>();
  private readonly looks = new Map<string, { again: boolean; done: Promise<void> }>();

  constructor(private readonly parts: KeeperParts) {
    parts.channel.onMessage((message) => {
      if (message.kind === 'changed') void this.look(message.id);
      else if (message.kind === 'progress') parts.state.setLive(message.id, message.transfer);
      else this.tellProgress();
    });
  }

  /** Tells all tabs that a marker has changed, and does what it says. */
  async changed(id: string): Promise<void> {
    this.broken.delete(id);
    this.parts.channel.post({ kind: 'changed', id });
    await this.look(id);
  }

  /** Reads a marker anew; never rejects. */
  look(id: string): Promise<void> {
    const current = this.looks.get(id);
    if (current) {
      current.again = true;
      return current.done;
    }
    const mine = { again: false, done: Promise.resolve() };
    mine.done = (async () => {
      do {
        mine.again = false;
        try {
          await this.lookOnce(id);
        } catch (error) {
          console.warn(`Model ${id} cannot be looked up`, error);
        }
      } while (mine.again);
      this.looks.delete(id);
    })();
    this.looks.set(id, mine);
    return mine.done;
  }

  /**
   * Runs a step while nobody else works on the model.
   * @throws STORE_BLOCKED when another tab does not let go; and what the step throws
   */
  async alone<T>(id: string, step: () => Promise<T>): Promise<T> {
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), this.parts.stopTimeoutMs);
    try {
      const locked = this.parts.locks.request(MODEL_LOCK + id, { signal: tooLong.signal }, () => {
        clearTimeout(timer);
        return step();
      });
      return await locked;
    } catch (error) {
      if (!tooLong.signal.aborted) throw error;
      throw new AppError('STORE_BLOCKED', `Another tab does not let go of model "${id}".`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Does something for a model that ends when the marker does not want it any more. */
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
      this.parts.state.setLive(id, null);
    }
  }

  /** Shows this and all other tabs how far a transfer is. */
  showProgress(id: string, backend: Backend, totalBytes: number): (now: DownloadProgress) => void {
    const pace = new Pace();
    return ({ doneBytes, receivedBytes }) => {
      pace.note(receivedBytes, performance.now());
      const total = Math.max(totalBytes, doneBytes);
      const secondsLeft = pace.secondsFor(total - doneBytes);
      const transfer = { backend, doneBytes, totalBytes: total, secondsLeft };
      this.parts.state.setLive(id, { state: 'downloading', ...transfer });
      this.parts.channel.post({
        kind: 'progress',
        id,
        transfer: { state: 'downloading', ...transfer },
      });
    };
  }

  private tellProgress(): void {
    for (const { model, state } of this.parts.state.list()) {
      const transfer = state.state === 'installed' ? state.transfer : state;
      if (this.runs.has(model.id) && transfer?.state === 'downloading')
        this.parts.channel.post({ kind: 'progress', id: model.id, transfer });
    }
  }

  private async lookOnce(id: string): Promise<void> {
    const { markers, state } = this.parts;
    const marker = await markers.read(id);
    const [first] = marker?.wanted ?? [];
    const sizes = first ? await sizesOnDisk(id, first.files) : new Map<string, number>();
    const partBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (!isUnderWay(marker)) state.setLive(id, null);
    state.setStored(id, marker ? { marker, partBytes } : null);
    const run = this.runs.get(id);
    if (run && !run.isWanted(marker)) run.abort.abort();
    if (marker?.removing || isUnderWay(marker)) this.follow(id);
  }

  /** Waits for the model's lock, and works when this tab gets it. */
  private follow(id: string): void {
    if (this.following.has(id) || this.broken.has(id)) return;
    this.following.add(id);
    this.parts.locks
      .request(MODEL_LOCK + id, () => this.work(id))
      .catch(async (error: unknown) => {
        this.broken.add(id);
        console.warn(`Model ${id} cannot be worked on`, error);
        // how much is on disk by now: what a full disk did take is kept
        await this.look(id);
        this.parts.state.failLive(id, toAppError(error));
      })
      .finally(() => {
        this.following.delete(id);
        void this.look(id);
      });
  }

  /** Everything that the marker wants, until nothing is left. The caller holds the lock. */
  private async work(id: string): Promise<void> {
    for (;;) {
      const marker = await this.parts.markers.read(id);
      if (marker?.removing || marker?.copying) {
        // a copy whose tab is gone cannot be finished: only that tab had the files
        await removeModelFolder(id);
        await this.tell(id);
        return;
      }
      const next = marker?.wanted.find(({ state }) => state === 'downloading');
      if (!next) return;
      await this.download(id, next);
      await this.tell(id);
    }
  }

  private async tell(id: string): Promise<void> {
    this.parts.channel.post({ kind: 'changed', id });
    await this.look(id);
  }

  private async download(id: string, { backend, totalBytes }: Wanted): Promise<void> {
    const isWanted = (marker: Marker | null) =>
      !marker?.removing &&
      marker?.wanted.some((one) => one.backend === backend && one.state === 'downloading') === true;
    await this.run(id, isWanted, async (signal) => {
      try {
        const show = this.showProgress(id, backend, totalBytes);
        await runDownload(id, backend, this.parts, signal, show);
      } catch (error) {
        if (signal.aborted) return; // the marker says what comes next
        console.warn(`Model ${id} was not downloaded`, error);
        await this.parts.markers.update(id, (marker) => {
          const wanted = marker?.wanted.find((one) => one.backend === backend);
          if (!marker || !wanted) return null;
          const failed = { ...wanted, state: 'failed' as const, error: failureOf(error) };
          return withWanted(marker, backend, failed);
        });
      }
    });
  }
}

function isUnderWay(marker: Marker | null): boolean {
  if (!marker || marker.removing) return false;
  return marker.copying || marker.wanted.some(({ state }) => state === 'downloading');
}
