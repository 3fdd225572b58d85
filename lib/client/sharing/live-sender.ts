import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  applyFrame,
  type CaptionFrame,
  type Captions,
  captionFrameSchema,
  frameBetween,
  NO_CAPTIONS,
} from '@/lib/client/captions';
import { delayUntilOnline } from '@/lib/client/http';
import type { UnsentLive } from '@/lib/client/store';
import { LIVE_LIMITS, type LiveFrame } from '@/lib/contracts';
import {
  AppError,
  backoffMs,
  base64UrlBytes,
  delay,
  isAbort,
  toAppError,
  toBase64Url,
} from '@/lib/core';

/** Authenticated with every frame: `A2T`, the format's version, and a kind that no envelope uses. */
const HEADER = new Uint8Array([0x41, 0x32, 0x54, 1, 3]);

/** For AES-GCM: seven zeros, the frame's number, and whether it is the last one. */
const NONCE_BYTES = 12;
const COUNTER_AT = 7;
const FINAL_AT = 11;

/**
 * Seals a frame. Its nonce contains its number and whether it is the last: frames that were changed, repeated,
 * reordered, or that follow a missing one cannot be opened.
 * @param key of one link; a frame number must never be used twice with it
 */
export async function sealFrame(
  key: CryptoKey,
  n: number,
  isLast: boolean,
  frame: CaptionFrame,
): Promise<LiveFrame> {
  const bytes = new TextEncoder().encode(JSON.stringify(frame));
  const sealed = await crypto.subtle.encrypt(parameters(n, isLast), key, bytes);
  return { n, isLast, payload: toBase64Url(new Uint8Array(sealed)) };
}

/**
 * Opens the frame that comes next.
 * @param n its number, as the follower counts
 * @throws AppError SHARE_DECRYPT_FAILED for any other frame; SHARE_TOO_NEW for one of a later version
 */
export async function openFrame(
  key: CryptoKey,
  n: number,
  { isLast, payload }: LiveFrame,
): Promise<CaptionFrame> {
  try {
    const sealed = base64UrlBytes(payload);
    const bytes = await crypto.subtle.decrypt(parameters(n, isLast), key, sealed);
    const frame: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const version = frame && typeof frame === 'object' && 'version' in frame ? frame.version : null;
    if (typeof version === 'number' && version > 1)
      throw new AppError('SHARE_TOO_NEW', `The frame has version ${version}.`);
    return captionFrameSchema.parse(frame);
  } catch (cause) {
    throw toAppError(cause, 'SHARE_DECRYPT_FAILED');
  }
}

function parameters(n: number, isLast: boolean): AesGcmParams {
  const iv = new Uint8Array(NONCE_BYTES);
  new DataView(iv.buffer).setUint32(COUNTER_AT, n);
  iv[FINAL_AT] = isLast ? 1 : 0;
  return { name: 'AES-GCM', iv, additionalData: HEADER };
}

/** Minimum interval between frames, in ms: changes in between are sent together. The last frame does not wait. */
const INTERVAL_MS = 700;

/** Without changes a frame is sent after this, in ms, so that followers know that the recording is alive. */
export const HEARTBEAT_MS = 20_000;

/** Most words in a frame. */
const MAX_WORDS = 400;

/** Most bytes of a frame before it is sealed, so that the sealed one is not too large for the server. */
const MAX_BYTES = Math.floor((LIVE_LIMITS.frameLetters * 3) / 4) - 64;

const BACKOFF = { firstMs: 1000, factor: 2, maxMs: 10_000 } as const;

/** Changes that have not been sent are stored after this, in ms, in case the tab is closed. */
const KEEP_MS = 1000;

/** Failures after which the same frame is sent again until it arrives. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY', 'CONNECTION_SLOW', 'RATE_LIMITED', 'UNKNOWN']);

/**
 * - `waiting`: the server cannot be reached; what is said meanwhile is sent afterwards
 * - `failed`: nothing more is sent; the recording is not affected
 */
export type LiveShareState =
  | { kind: 'live' | 'waiting' | 'ended' }
  | { kind: 'failed'; error: AppError };

/** Sends one frame. @throws as `callServer` */
type SendFrame = (frame: LiveFrame) => Promise<unknown>;

/** Stores what has not arrived, in case the tab is closed; `null`: everything has arrived. */
type KeepUnsent = (unsent: UnsentLive | null) => Promise<void>;

/** How far an earlier page got. */
export interface SentSoFar {
  /** What followers see once `frame` has arrived. */
  captions: Captions;
  frame: LiveFrame;
}

/**
 * Sends captions frame by frame: each is sent until it has arrived, and the next one holds all changes since, so that
 * nothing piles up while the server cannot be reached. A frame is stored before it is first sent, so that no other
 * frame is ever sealed with its number.
 */
export class LiveSender {
  readonly state = createStore<LiveShareState>(() => ({ kind: 'live' }));
  /** Resolves when nothing more will be sent. */
  readonly done: Promise<void>;
  /** What followers see once everything sent has arrived. */
  private sent: Captions;
  /** The last frame sent; it may still be in flight. */
  private frame: LiveFrame | null;
  /** The last state, once there is one. */
  private final: Captions | null = null;
  /** Fires when there is a last state. */
  private readonly ending = new AbortController();
  private wake: (() => void) | null = null;
  private keeping: ReturnType<typeof setTimeout> | null = null;
  private readonly stop: () => void;

  constructor(
    private readonly captions: StoreApi<Captions>,
    private readonly key: CryptoKey,
    private readonly send: SendFrame,
    private readonly keep: KeepUnsent,
    before: SentSoFar | null = null,
  ) {
    this.sent = before?.captions ?? NO_CAPTIONS;
    this.frame = before?.frame ?? null;
    const unsubscribe = captions.subscribe((now) => {
      // this link's recording is over: the store now shows the next one
      if (this.final !== null) return;
      if (now.phase === 'ended') this.finish(now);
      else this.keeping ??= setTimeout(() => this.keepRest(), KEEP_MS);
      this.wake?.();
    });
    const left = () => this.keepRest();
    globalThis.addEventListener?.('pagehide', left);
    this.stop = () => {
      unsubscribe();
      globalThis.removeEventListener?.('pagehide', left);
    };
    if (captions.getState().phase === 'ended') this.finish(captions.getState());
    this.done = this.run().then(
      () => this.close({ kind: 'ended' }),
      (error: unknown) => this.close({ kind: 'failed', error: toAppError(error) }),
    );
  }

  /** Makes the captions so far final, and sends nothing after them. */
  end(): void {
    const now = this.captions.getState();
    this.finish({ ...now, phase: 'ended', finalCount: now.words.length });
    this.wake?.();
  }

  private finish(last: Captions): void {
    this.final ??= last;
    this.ending.abort();
    this.keepRest();
  }

  private async close(state: LiveShareState): Promise<void> {
    this.stop();
    if (this.keeping !== null) clearTimeout(this.keeping);
    this.keeping = null;
    // after signing in again, the user can still send the rest
    const isOver = state.kind !== 'failed' || state.error.code !== 'UNAUTHENTICATED';
    if (isOver) await this.keep(null).catch(warnOfKeeping);
    this.state.setState(state, true);
  }

  private async run(): Promise<void> {
    if (this.frame) await this.deliver(this.frame);
    while (!this.frame?.isLast) {
      const change = this.next() ?? (await this.changeOrHeartbeat());
      if (change === null) continue;
      const isLast = this.final !== null && change.phase === 'ended';
      const n = this.frame === null ? 0 : this.frame.n + 1;
      const frame = await sealFrame(this.key, n, isLast, change);
      this.sent = applyFrame(this.sent, change);
      this.frame = frame;
      await this.keepRest();
      await this.deliver(frame);
      if (!isLast) await this.interval();
    }
  }

  /** Never rejects: frames are sent even if they cannot be stored. */
  private async keepRest(): Promise<void> {
    if (this.keeping !== null) clearTimeout(this.keeping);
    this.keeping = null;
    if (this.frame === null) return;
    const { words, ...rest } = this.sent;
    const sent = { version: 1, ...rest, keep: words.length, add: [] };
    const unsent = frameBetween(this.sent, this.now());
    await this.keep({ key: this.key, frame: this.frame, sent, rest: unsent }).catch(warnOfKeeping);
  }

  private async interval(): Promise<void> {
    try {
      await delay(INTERVAL_MS, this.ending.signal);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  private now(): Captions {
    return this.final ?? this.captions.getState();
  }

  /** The next change; `null`: there is none yet. */
  private next(): CaptionFrame | null {
    const now = this.now();
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

function warnOfKeeping(error: unknown): void {
  console.warn('Live text that has not arrived could not be kept', error);
}
