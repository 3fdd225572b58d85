import { createStore, type StoreApi } from 'zustand/vanilla';
import { applyFrame, type CaptionFrame, type Captions, NO_CAPTIONS } from '@/lib/client/captions';
import { delayUntilOnline, serverFetch } from '@/lib/client/http';
import { AUTH_SCHEME, liveFrameSchema } from '@/lib/contracts';
import {
  AppError,
  abortError,
  backoffMs,
  isAbort,
  isAppError,
  toAppError,
  watchForStall,
} from '@/lib/core';
import { deriveShareKeys, type ShareKeys } from './envelope';
import type { ShareLink } from './link';
import { HEARTBEAT_MS, openFrame } from './live-sender';

/** Time limit of a stream, in ms; the server normally ends it earlier. */
const STREAM_MS = 2 * 3_600_000;

/** A connection is given up after this long without data, in ms: the server sends some at least every 15 s. */
const SILENT_MS = 40_000;

/** A recording counts as stalled after this long without a frame, in ms: it sends one at least every 20 s. */
const STALLED_MS = 2.5 * HEARTBEAT_MS;

const BACKOFF = { firstMs: 500, factor: 2, maxMs: 10_000 } as const;

/** Failures that are transient once a link has been opened. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY', 'CONNECTION_SLOW', 'RATE_LIMITED', 'UNKNOWN']);

/**
 * - `stalled`: the connection is fine, but the recording sends nothing: it is offline, or its tab is closed
 * - `retrying`: the connection was lost, and is being restored
 * - `ended`: the text is complete
 * - `failed`: nothing more comes; NOT_FOUND: the link was revoked or has expired
 */
export interface LiveState {
  captions: Captions;
  connection: 'live' | 'stalled' | 'retrying' | 'ended' | 'failed';
  /** Why it failed. */
  error: AppError | null;
}

/**
 * Follows live text behind a link, until it ends or `signal` fires. Resolves once the link is open.
 * @throws NOT_FOUND when the link is not available, FORBIDDEN for a wrong password, RATE_LIMITED,
 * SHARE_LINK_INVALID, OFFLINE, SERVER_BUSY, CONNECTION_SLOW, ABORTED
 */
export async function followLive(
  link: ShareLink,
  password: string | null,
  signal: AbortSignal,
): Promise<StoreApi<LiveState>> {
  const keys = await deriveShareKeys(link, password);
  const follower = new LiveFollower(link.id, keys, signal);
  await follower.open();
  return follower.state;
}

class LiveFollower {
  readonly state = createStore<LiveState>(() => ({
    captions: NO_CAPTIONS,
    connection: 'live',
    error: null,
  }));
  private next = 0;
  private stallTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly id: string,
    private readonly keys: ShareKeys,
    private readonly signal: AbortSignal,
  ) {}

  /** Opens the link, and follows it from then on. */
  async open(): Promise<void> {
    const first = await this.connect();
    void this.follow(first).finally(() => clearTimeout(this.stallTimer));
  }

  private async follow(first: Connection): Promise<void> {
    let connection: Connection | null = first;
    for (let failures = 0; ; ) {
      const before = this.next;
      try {
        connection ??= await this.connect();
        if (await this.read(connection)) {
          this.state.setState({ connection: 'ended' });
          return;
        }
      } catch (error) {
        if (this.signal.aborted || isAbort(error)) return;
        const { code } = toAppError(error);
        if (!PASSING.has(code)) {
          this.state.setState({ connection: 'failed', error: toAppError(error) });
          return;
        }
      }
      connection = null;
      failures = this.next > before ? 1 : failures + 1;
      clearTimeout(this.stallTimer);
      this.state.setState({ connection: 'retrying' });
      try {
        // jitter, so that followers do not all reconnect at once after an outage
        await delayUntilOnline(backoffMs(failures, BACKOFF) * (0.5 + Math.random()), this.signal);
      } catch {
        return; // nobody follows any more
      }
    }
  }

  private async connect(): Promise<Connection> {
    const watch = watchForStall(SILENT_MS);
    const offline = new AbortController();
    const lose = () => offline.abort();
    // an idle stream would notice too late that the browser is offline
    globalThis.addEventListener?.('offline', lose);
    const stop = () => {
      watch.stop();
      globalThis.removeEventListener?.('offline', lose);
    };
    const lost = AbortSignal.any([watch.signal, offline.signal]);
    try {
      const { body } = await serverFetch('GET', `/api/live/${this.id}?from=${this.next}`, {
        headers: { authorization: `${AUTH_SCHEME} ${this.keys.auth}` },
        signal: AbortSignal.any([this.signal, lost]),
        timeoutMs: STREAM_MS,
      });
      if (!body) throw new AppError('SERVER_BUSY', 'Live text came without a body.');
      return { body, lost, moved: watch.moved, stop };
    } catch (error) {
      stop();
      throw this.failure(error, lost);
    }
  }

  /** Reads until the stream ends. @returns whether the last frame was received */
  private async read({ body, lost, moved, stop }: Connection): Promise<boolean> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    try {
      this.heard();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return false;
        moved();
        const lines = (text + decoder.decode(value, { stream: true })).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) if (line !== '' && (await this.take(line))) return true;
      }
    } catch (error) {
      throw this.failure(error, lost);
    } finally {
      stop();
      await reader.cancel().catch(() => undefined); // it has failed already, or has ended
    }
  }

  /** @returns whether it was the last frame */
  private async take(line: string): Promise<boolean> {
    let frame: ReturnType<typeof liveFrameSchema.parse>;
    try {
      frame = liveFrameSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw new AppError('SHARE_DECRYPT_FAILED', 'A line is not a frame.', { cause });
    }
    const opened = await openFrame(this.keys.live, this.next, frame);
    const captions = this.after(opened);
    this.next += 1;
    this.heard();
    this.state.setState({ captions, connection: 'live' });
    return frame.isLast;
  }

  private after(frame: CaptionFrame): Captions {
    try {
      return applyFrame(this.state.getState().captions, frame);
    } catch (cause) {
      throw new AppError('SHARE_DECRYPT_FAILED', 'A frame changes what was final.', { cause });
    }
  }

  private heard(): void {
    clearTimeout(this.stallTimer);
    this.stallTimer = setTimeout(() => this.state.setState({ connection: 'stalled' }), STALLED_MS);
  }

  private failure(error: unknown, lost: AbortSignal): AppError {
    if (this.signal.aborted) return abortError(this.signal);
    if (lost.aborted) return new AppError('CONNECTION_SLOW', 'Nothing came.', { cause: error });
    return isAppError(error) ? error : new AppError('OFFLINE', 'It broke off.', { cause: error });
  }
}

interface Connection {
  body: ReadableStream<Uint8Array>;
  /** Fires when nothing comes any more. */
  lost: AbortSignal;
  /** Something came. */
  moved(): void;
  /** It is over. */
  stop(): void;
}
