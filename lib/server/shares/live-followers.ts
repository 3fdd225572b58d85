import 'server-only';
import { and, asc, eq, gte, inArray } from 'drizzle-orm';
import { LIVE_LIMITS, type LiveFrame } from '@/lib/contracts';
import { AppError, onAbort, throwIfAborted, toAppError } from '@/lib/core';
import { database, liveFrames, liveStreams, shares } from '@/lib/server/db';
import { noteFollowers } from '@/lib/server/limits';
import { log, processSingleton } from '@/lib/server/process';
import { isAlive } from './share-objects';

/** Frames that are read at a time: a megabyte at most. */
const PAGE_FRAMES = 64;

/** A run of frames, as followers get it. */
interface LivePage {
  frames: LiveFrame[];
  /** `waiting`: more may come; `ended`: these are the last, or there are none; `gone`: revoked or expired. */
  state: 'waiting' | 'ended' | 'gone';
}

/** Frames from number `from` on, as many as a page holds. */
async function readPage(idHash: string, from: number): Promise<LivePage> {
  const { db } = await database();
  const [stream] = await db
    .select({ nextFrame: liveStreams.nextFrame, endedAt: liveStreams.endedAt })
    .from(liveStreams)
    .innerJoin(shares, eq(shares.idHash, liveStreams.idHash))
    .where(and(eq(liveStreams.idHash, idHash), isAlive));
  if (!stream) return { frames: [], state: 'gone' };
  const state = stream.endedAt === null ? 'waiting' : 'ended';
  if (stream.nextFrame <= from) return { frames: [], state };
  const frames = await db
    .select({ n: liveFrames.n, isLast: liveFrames.isLast, payload: liveFrames.payload })
    .from(liveFrames)
    .where(and(eq(liveFrames.idHash, idHash), gte(liveFrames.n, from)))
    .orderBy(asc(liveFrames.n))
    .limit(PAGE_FRAMES);
  return { frames, state: frames.at(-1)?.isLast ? 'ended' : 'waiting' };
}

/** The number of the next frame of live text behind each of these links. Ended links are left out. */
async function readProgress(idHashes: readonly string[]): Promise<Map<string, number>> {
  const { db } = await database();
  const rows = await db
    .select({ idHash: liveStreams.idHash, nextFrame: liveStreams.nextFrame })
    .from(liveStreams)
    .innerJoin(shares, eq(shares.idHash, liveStreams.idHash))
    .where(and(inArray(liveStreams.idHash, [...idHashes]), isAlive));
  return new Map(rows.map(({ idHash, nextFrame }) => [idHash, nextFrame]));
}

/** How often an instance looks for frames that another one received, in ms: one statement for all its followers. */
const LOOK_MS = 1000;

/** An empty line is sent after this much silence, in ms, so that a broken connection is noticed. */
const SILENCE_MS = 15_000;

/** A follower that reads nothing for this long is disconnected, in ms. */
const STUCK_MS = 60_000;

/** A stream is ended after this, in ms; its follower then reconnects. */
const LIFETIME_MS = 3_600_000;

/** When a follower who is refused may try again, in s. */
const RETRY_AFTER_S = 30;

/** An open stream. */
interface Follower {
  readonly idHash: string;
  /** Since when it has not read what was sent; `null`: it has read everything. */
  stuckSinceMs: number | null;
  /** When the stream is ended at the latest, by `performance.now()`. */
  readonly endsAtMs: number;
  /** Wakes it from waiting for a frame. */
  wake: (() => void) | null;
  /** Ends the stream; the follower may reconnect. */
  end(): void;
}

/** The streams of one link that are open in this process. */
interface Audience {
  readonly followers: Set<Follower>;
  /** Reads in progress, by first frame: followers at the same frame share one. */
  readonly reads: Map<number, Promise<LivePage>>;
  /** Number of the next frame, as of the last look; `null`: not known yet, or the link is gone. */
  progress: number | null;
}

interface Hub {
  readonly audiences: Map<string, Audience>;
  timer: ReturnType<typeof setInterval> | null;
  isLooking: boolean;
}

function hub(): Hub {
  return processSingleton(
    'live-followers',
    (): Hub => ({
      audiences: new Map(),
      timer: null,
      isLooking: false,
    }),
  );
}

function allFollowers(): Follower[] {
  return [...hub().audiences.values()].flatMap(({ followers }) => [...followers]);
}

/** Wakes the followers of a link in this process: it has a new frame, or was revoked. */
export function notifyFollowers(idHash: string): void {
  for (const { wake } of hub().audiences.get(idHash)?.followers ?? []) wake?.();
}

/** Ends all streams: the process is about to stop. Followers connect to another one. */
export function closeLiveStreams(): void {
  for (const follower of allFollowers()) follower.end();
}

/**
 * Streams the frames of a link as lines, from number `from` on. They are read as the follower consumes them, so that
 * a slow one costs no memory. Ends after the last frame, when the link is revoked or expires, or after an hour.
 * @param idHash of a share that was visited
 * @param signal ends it: nobody reads it any more
 * @throws ABORTED; RATE_LIMITED when there are too many followers
 */
export function followLive(
  idHash: string,
  from: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  // nobody would take anything of the stream, or give it up
  throwIfAborted(signal);
  const { audiences } = hub();
  const audience = audiences.get(idHash) ?? {
    followers: new Set(),
    reads: new Map(),
    progress: null,
  };
  if (
    audience.followers.size >= LIVE_LIMITS.followersOfLink ||
    allFollowers().length >= LIVE_LIMITS.followers
  )
    throw new AppError('RATE_LIMITED', 'Too many follow this now.', {
      details: { retryAfterS: RETRY_AFTER_S, limit: 'live.follow' },
    });
  audiences.set(idHash, audience);

  const encoder = new TextEncoder();
  let next = from;
  let isOver = false;
  let close: () => void = () => undefined;
  const follower: Follower = {
    idHash,
    endsAtMs: performance.now() + LIFETIME_MS,
    stuckSinceMs: null,
    wake: null,
    end() {
      if (isOver) return;
      isOver = true;
      unfollow();
      remove(follower);
      follower.wake?.();
      close();
    },
  };
  add(audience, follower);
  const unfollow = onAbort(signal, follower.end);

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        close = () => controller.close();
      },
      async pull(controller) {
        follower.stuckSinceMs = null;
        try {
          const lines = await nextLines();
          if (isOver) return;
          if (lines !== null && performance.now() <= follower.endsAtMs) {
            follower.stuckSinceMs = performance.now();
            controller.enqueue(encoder.encode(lines));
          } else follower.end();
        } catch (error) {
          // the stream fails; it cannot be closed as well
          leave();
          throw error;
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );

  /** Ends it without closing the stream, which has ended by itself. */
  function leave(): void {
    close = () => undefined;
    follower.end();
  }

  /** What is sent next; `null`: nothing more. */
  async function nextLines(): Promise<string | null> {
    for (;;) {
      // set up before reading, so that a frame that arrives meanwhile is noticed
      const woken = nextWake(follower);
      try {
        const { frames, state } = await read(idHash, audience, next);
        if (isOver || state === 'gone') return null;
        if (frames.length > 0) {
          next += frames.length;
          return frames.map((frame) => `${JSON.stringify(frame)}\n`).join('');
        }
        if (state === 'ended') return null;
        if ((await woken.promise) === 'silence') return '\n';
        if (isOver) return null;
      } finally {
        woken.stop();
      }
    }
  }
}

/** Followers at the same frame share one read; its result is not cached. */
function read(idHash: string, audience: Audience, from: number): Promise<LivePage> {
  const running = audience.reads.get(from);
  if (running) return running;
  const reading = readPage(idHash, from).finally(() => audience.reads.delete(from));
  audience.reads.set(from, reading);
  return reading;
}

function nextWake(follower: Follower): { promise: Promise<'woken' | 'silence'>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const promise = new Promise<'woken' | 'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), SILENCE_MS);
    follower.wake = () => resolve('woken');
  });
  return {
    promise,
    stop() {
      clearTimeout(timer);
      follower.wake = null;
    },
  };
}

function add(audience: Audience, follower: Follower): void {
  audience.followers.add(follower);
  const kept = hub();
  kept.timer ??= setInterval(() => void look(), LOOK_MS).unref();
  noteFollowers(allFollowers().length);
}

function remove(follower: Follower): void {
  const kept = hub();
  const audience = kept.audiences.get(follower.idHash);
  audience?.followers.delete(follower);
  if (audience?.followers.size === 0) kept.audiences.delete(follower.idHash);
  if (kept.audiences.size === 0 && kept.timer) {
    clearInterval(kept.timer);
    kept.timer = null;
  }
  noteFollowers(allFollowers().length);
}

/** Looks for frames that other instances received, for links that ended, and for followers that read nothing. */
async function look(): Promise<void> {
  const kept = hub();
  const { audiences } = kept;
  const nowMs = performance.now();
  for (const { stuckSinceMs, endsAtMs, end } of allFollowers())
    if (nowMs > endsAtMs || (stuckSinceMs !== null && nowMs - stuckSinceMs > STUCK_MS)) end();
  // a database that takes long is not asked again meanwhile
  if (kept.isLooking) return;
  kept.isLooking = true;
  try {
    const progress = await readProgress([...audiences.keys()]);
    for (const [idHash, audience] of audiences) {
      const now = progress.get(idHash) ?? null;
      if (now !== null && now === audience.progress) continue;
      audience.progress = now;
      notifyFollowers(idHash);
    }
  } catch (error) {
    // the next look may do better; who is connected stays so
    log('warn', 'live.look_failed', { code: toAppError(error).code });
  } finally {
    kept.isLooking = false;
  }
}
