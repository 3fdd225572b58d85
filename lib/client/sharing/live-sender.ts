import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  applyFrame,
  type CaptionFrame,
  type Captions,
  frameBetween,
  NO_CAPTIONS,
} from '@/lib/client/captions';
import { callServer, delayUntilOnline, publicOrigin } from '@/lib/client/http';
import { putShareLink, removeShareLink } from '@/lib/client/store';
import { LIVE_LIMITS, type LiveFrame } from '@/lib/contracts';
import { type AppError, backoffMs, delay, isAbort, toAppError } from '@/lib/core';
import { deriveShareKeys, hashOf, newShareSecret } from './crypto';
import { buildShareLink } from './link';
import { sealFrame } from './live-frames';

/** Frames are sent at most this often, in ms: what changes meanwhile goes together. The end does not wait. */
const INTERVAL_MS = 700;

/** Without a change a frame is sent after this, in ms, so that followers know that the recording is there. */
export const HEARTBEAT_MS = 20_000;

/** Most words in a frame. */
const MAX_WORDS = 400;

/** Most bytes of a frame before it is sealed, so that it fits into what the server takes. */
const MAX_BYTES = Math.floor((LIVE_LIMITS.frameLetters * 3) / 4) - 64;

const BACKOFF = { firstMs: 1000, factor: 2, maxMs: 10_000 } as const;

/** Failures after which the same frame is sent again until it arrives. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY', 'CONNECTION_SLOW', 'RATE_LIMITED', 'UNKNOWN']);

const EMPTY = z.null();

/**
 * - `waiting`: the server cannot be reached; what is said meanwhile is sent afterwards
 * - `failed`: nothing more is sent; the recording is not affected
 */
export type LiveShareState =
  | { kind: 'live' | 'waiting' | 'ended' }
  | { kind: 'failed'; error: AppError };

/** A recording that others follow by a link. */
export interface LiveShare {
  readonly link: string;
  readonly idHash: string;
  readonly state: StoreApi<LiveShareState>;
  /** Ends it for followers, who keep the text; the recording continues. */
  end(): void;
}

interface Options {
  /** Which transcript the recording becomes. */
  transcriptId: string;
  lifetimeS: number;
  /** Empty: none. */
  password: string;
  signal: AbortSignal;
}

/**
 * Makes a link to captions, and sends them, sealed, until they end.
 * @throws what the server said, ABORTED
 */
export async function shareLive(
  captions: StoreApi<Captions>,
  { transcriptId, lifetimeS, password, signal }: Options,
): Promise<LiveShare> {
  const secret = newShareSecret();
  const [keys, idHash] = await Promise.all([deriveShareKeys(secret, password), hashOf(secret.id)]);
  const hasPassword = password !== '';
  await putShareLink({ ...secret, transcriptId, hasPassword });
  try {
    const authHash = await hashOf(keys.auth);
    await callServer('POST', '/api/live', {
      body: { idHash, authHash, transcriptId, hasPassword, lifetimeS },
      schema: EMPTY,
      signal,
    });
  } catch (error) {
    await removeShareLink(secret.id, transcriptId);
    throw error;
  }
  const link = buildShareLink(publicOrigin(), { ...secret, hasPassword, isLive: true });
  const sender = new LiveSender(captions, keys.live, (frame) =>
    // the tab may be closed as soon as the recording has ended
    callServer('POST', `/api/live/${idHash}`, { body: frame, schema: EMPTY, keepalive: true }),
  );
  return { link, idHash, state: sender.state, end: () => sender.end() };
}

/** Sends one frame. @throws as `callServer` */
type SendFrame = (frame: LiveFrame) => Promise<unknown>;

/**
 * Sends captions frame by frame, one at a time and each until it has arrived. What changes while the server cannot be
 * reached is in the next frame, so that nothing piles up.
 */
export class LiveSender {
  readonly state = createStore<LiveShareState>(() => ({ kind: 'live' }));
  /** What followers have when all that was sent has arrived. */
  private sent = NO_CAPTIONS;
  private n = 0;
  /** The last state, once there is one. */
  private final: Captions | null = null;
  /** Fires when there is a last state. */
  private readonly ending = new AbortController();
  private wake: (() => void) | null = null;
  private readonly stop: () => void;

  constructor(
    private readonly captions: StoreApi<Captions>,
    private readonly key: CryptoKey,
    private readonly send: SendFrame,
  ) {
    this.stop = captions.subscribe((now) => {
      // the next recording is another one
      if (now.phase === 'ended') this.finish(now);
      this.wake?.();
    });
    if (captions.getState().phase === 'ended') this.finish(captions.getState());
    this.run().catch((error: unknown) => {
      this.stop();
      this.state.setState({ kind: 'failed', error: toAppError(error) }, true);
    });
  }

  /** What is there becomes final, and nothing more is sent. */
  end(): void {
    const now = this.captions.getState();
    this.finish({ ...now, phase: 'ended', finalCount: now.words.length });
    this.wake?.();
  }

  private finish(last: Captions): void {
    this.final ??= last;
    this.ending.abort();
    this.stop?.();
  }

  private async run(): Promise<void> {
    for (;;) {
      const frame = this.next() ?? (await this.changeOrHeartbeat());
      if (frame === null) continue;
      const after = applyFrame(this.sent, frame);
      const isLast = this.final !== null && frame.phase === 'ended';
      await this.deliver(await sealFrame(this.key, this.n, isLast, frame));
      this.sent = after;
      this.n += 1;
      if (isLast) break;
      await this.interval();
    }
    this.state.setState({ kind: 'ended' }, true);
  }

  private async interval(): Promise<void> {
    try {
      await delay(INTERVAL_MS, this.ending.signal);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  /** The next change; `null`: there is none yet. */
  private next(): CaptionFrame | null {
    const now = this.final ?? this.captions.getState();
    for (let words = MAX_WORDS; ; words = Math.ceil(words / 2)) {
      const frame = frameBetween(this.sent, now, words);
      const size = frame ? new TextEncoder().encode(JSON.stringify(frame)).length : 0;
      if (size <= MAX_BYTES || words === 1) return frame;
    }
  }

  private async changeOrHeartbeat(): Promise<CaptionFrame | null> {
    const changed = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), HEARTBEAT_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.wake = null;
    if (changed) return null;
    const { words, ...rest } = this.sent;
    return { version: 1, ...rest, keep: words.length, add: [] };
  }

  private async deliver(frame: LiveFrame): Promise<void> {
    for (let failures = 1; ; failures += 1)
      try {
        await this.send(frame);
        this.state.setState({ kind: 'live' }, true);
        return;
      } catch (error) {
        const { code, details } = toAppError(error);
        if (!PASSING.has(code)) throw error;
        this.state.setState({ kind: 'waiting' }, true);
        const wanted = Number(details.retryAfterS ?? 0) * 1000;
        await delayUntilOnline(Math.max(wanted, backoffMs(failures, BACKOFF)));
      }
  }
}
