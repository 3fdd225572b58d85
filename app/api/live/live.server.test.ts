import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { deriveShareKeys, newShareSecret } from '@/lib/client/sharing/envelope';
import { LIVE_LIMITS } from '@/lib/contracts/live';
import { database } from '@/lib/server/db/database';
import { liveFrames, liveStreams, shares } from '@/lib/server/db/schema';
import { metricsPage } from '@/lib/server/limits/metrics';
import { closeLiveStreams, followLive } from '@/lib/server/shares/live-followers';
import { sweepShares } from '@/lib/server/shares/share-sweep';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { call, makeShare, signedIn } from '../shares/test-shares';
import { frame, LineReader, type LiveLink, live, makeLive } from './test-live';

let owner: SignedIn;
beforeEach(async () => {
  await withServer();
  owner = await signedIn();
});

async function send(link: LiveLink, ...numbers: number[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const n of numbers)
    statuses.push((await live.append(link.idHash, { as: owner, body: frame(n) })).status);
  return statuses;
}

async function follow({ id, auth }: LiveLink, from = 0): Promise<LineReader> {
  const response = await live.follow(id, { auth }, from);
  expect(response.status).toBe(200);
  return new LineReader(response);
}

/** A frame that comes by way of another instance, which nothing in this process reports. */
async function sendElsewhere({ idHash }: LiveLink, n: number): Promise<void> {
  const opened = await database();
  await opened.transaction(async (tx) => {
    await tx.insert(liveFrames).values({ idHash, ...frame(n) });
    await tx
      .update(liveStreams)
      .set({ nextFrame: n + 1 })
      .where(eq(liveStreams.idHash, idHash));
  });
}

/** Asks for the next frame, and lets the follower find that there is none yet. */
async function waitForMore(reader: LineReader): Promise<{ frame: Promise<unknown> }> {
  const next = { frame: reader.next() };
  const { db } = await database();
  // behind the follower's own statements
  for (let turn = 0; turn < 3; turn += 1) await db.$count(shares);
  return next;
}

async function followers(): Promise<number> {
  const { text } = await metricsPage();
  return Number(/^ai2text_live_followers (\d+)$/m.exec(text)?.[1]);
}

describe('following live text', () => {
  it('gives all from the start, then each frame as it comes, and ends with the last', async () => {
    const link = await makeLive(owner);
    await send(link, 0, 1);
    const reader = await follow(link);
    expect(await reader.take(2)).toEqual([0, 1]);
    const next = reader.next();
    await send(link, 2);
    expect(await next).toEqual(frame(2));
    await live.append(link.idHash, { as: owner, body: frame(3, { isLast: true }) });
    expect(await reader.next()).toEqual(frame(3, { isLast: true }));
    expect(await reader.next()).toBeNull();
    const late = await follow(link);
    expect(await late.take(4)).toEqual([0, 1, 2, 3]);
    expect(await late.next()).toBeNull();
    expect(await followers()).toBe(0);
  });

  it('gives after a break what was missed', async () => {
    const link = await makeLive(owner);
    await send(link, 0, 1, 2);
    const reader = await follow(link);
    await reader.take(2);
    await reader.cancel();
    const again = await follow(link, 2);
    await send(link, 3);
    expect(await again.take(2)).toEqual([2, 3]);
    await again.cancel();
  });

  it('gives more than a page of earlier frames, in order', async () => {
    const link = await makeLive(owner);
    const numbers = Array.from({ length: 70 }, (_, n) => n);
    await send(link, ...numbers);
    const reader = await follow(link);
    expect(await reader.take(70)).toEqual(numbers);
    await reader.cancel();
  });

  it('brings what another instance took within two seconds', async () => {
    const link = await makeLive(owner);
    const reader = await follow(link);
    const next = await waitForMore(reader);
    await sendElsewhere(link, 0);
    const sentMs = performance.now();
    expect(await next.frame).toEqual(frame(0));
    expect(performance.now() - sentMs).toBeLessThan(2000);
    await reader.cancel();
  });

  it('ends for everyone when the link is revoked, also by another instance, or expires', async () => {
    const { db } = await database();
    const ways = {
      revoked: (link: LiveLink) => call.revoke(link.idHash, { as: owner }),
      'revoked elsewhere': (link: LiveLink) =>
        db.update(shares).set({ revokedAt: sql`now()` }).where(eq(shares.idHash, link.idHash)),
      expired: (link: LiveLink) =>
        db.update(shares).set({ expiresAt: sql`now()` }).where(eq(shares.idHash, link.idHash)),
    };
    for (const end of Object.values(ways)) {
      const link = await makeLive(owner);
      await send(link, 0);
      const reader = await follow(link);
      await reader.take(1);
      const next = await waitForMore(reader);
      await end(link);
      expect(await next.frame).toBeNull();
      expect((await live.follow(link.id, { auth: link.auth })).status).toBe(404);
      expect(await send(link, 1)).toEqual([404]);
    }
  });

  it('ends when the server stops', async () => {
    const link = await makeLive(owner);
    const reader = await follow(link);
    const next = reader.next();
    closeLiveStreams();
    expect(await next).toBeNull();
    expect(await followers()).toBe(0);
  });

  it('ends when the follower goes away', async () => {
    const link = await makeLive(owner);
    const gone = new AbortController();
    const response = await live.follow(link.id, { auth: link.auth, signal: gone.signal });
    expect(response.status).toBe(200);
    expect(await followers()).toBe(1);
    gone.abort();
    expect(await followers()).toBe(0);
  });

  it('does not begin for a follower that has gone meanwhile', async () => {
    const { idHash } = await makeLive(owner);
    expect(() => followLive(idHash, 0, AbortSignal.abort())).toThrow('aborted');
    expect(await followers()).toBe(0);
  });

  it('ends after an hour, also where nobody takes anything of it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { idHash } = await makeLive(owner);
    followLive(idHash, 0, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(3_590_000);
    expect(await followers()).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await followers()).toBe(0);
  });

  it('asks a database that takes long once at a time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const reader = await follow(await makeLive(owner));
    const { db } = await database();
    let answer: (rows: []) => void = () => undefined;
    const where = () =>
      new Promise<[]>((resolve) => {
        answer = resolve;
      });
    const select = vi.spyOn(db, 'select').mockReturnValue({
      from: () => ({ innerJoin: () => ({ where }) }),
    } as never);
    onTestFinished(() => select.mockRestore());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(select).toHaveBeenCalledTimes(1);
    answer([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(select).toHaveBeenCalledTimes(2);
    answer([]);
    await reader.cancel();
  });

  it('costs nothing for a follower that takes nothing, and gives it up after a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const link = await makeLive(owner);
    await send(link, 0);
    const slow = await follow(link);
    await slow.take(1);
    const waiting = slow.next();
    await vi.advanceTimersByTimeAsync(65_000);
    // it waits for more and reads: it is not stuck
    expect(await followers()).toBe(1);
    await slow.cancel();
    expect(await waiting).toBeNull();
    const stuck = await live.follow(link.id, { auth: link.auth });
    const reader = stuck.body?.getReader();
    await reader?.read();
    expect(await followers()).toBe(1);
    await vi.advanceTimersByTimeAsync(65_000);
    expect(await followers()).toBe(0);
    vi.useRealTimers();
  });

  it('serves two hundred followers with one read of each frame, and keeps nothing of it', async () => {
    const link = await makeLive(owner);
    const readers = await Promise.all(Array.from({ length: 200 }, () => follow(link)));
    const { db } = await database();
    const select = vi.spyOn(db, 'select');
    const payload = 'x'.repeat(4000);
    const before = process.memoryUsage().heapUsed;
    const frames = 15;
    for (let n = 0; n < frames; n += 1) {
      const next = readers.map((reader) => reader.next());
      const body = frame(n, { payload });
      expect((await live.append(link.idHash, { as: owner, body })).status).toBe(204);
      for (const got of await Promise.all(next)) expect(got?.n).toBe(n);
    }
    // two hundred reads of two statements each would be 6,000
    expect(select.mock.calls.length).toBeLessThan(frames * 20);
    expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(64);
    expect(await followers()).toBe(200);
    await Promise.all(readers.map((reader) => reader.cancel()));
    expect(await followers()).toBe(0);
  });

  it('refuses more followers than an instance holds for one link', async () => {
    const link = await makeLive(owner);
    const readers = await Promise.all(
      Array.from({ length: LIVE_LIMITS.followersOfLink }, () => follow(link)),
    );
    const refused = await live.follow(link.id, { auth: link.auth });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await Promise.all(readers.map((reader) => reader.cancel()));
  });
});

describe('sending live text', () => {
  it('takes the same frame twice as one, and no other in its place', async () => {
    const link = await makeLive(owner);
    expect(await send(link, 0, 0, 1)).toEqual([204, 204, 204]);
    const forged = { as: owner, body: frame(0, { payload: 'another' }) };
    expect((await live.append(link.idHash, forged)).status).toBe(409);
    const reader = await follow(link);
    expect(await reader.take(2)).toEqual([0, 1]);
    await reader.cancel();
  });

  it('refuses a gap, and anything after the last frame', async () => {
    const link = await makeLive(owner);
    expect(await send(link, 1)).toEqual([409]);
    await live.append(link.idHash, { as: owner, body: frame(0, { isLast: true }) });
    expect(await send(link, 1)).toEqual([409]);
  });

  it('is for the owner of the link alone', async () => {
    const link = await makeLive(owner);
    const other = await signedIn();
    expect((await live.append(link.idHash, { as: other, body: frame(0) })).status).toBe(404);
    expect((await live.append(link.idHash, { body: frame(0) })).status).toBe(401);
    expect((await live.create({ body: {} })).status).toBe(401);
  });

  it('refuses frames and links that are too large', async () => {
    const link = await makeLive(owner);
    const large = frame(0, { payload: 'x'.repeat(LIVE_LIMITS.frameLetters + 1) });
    expect((await live.append(link.idHash, { as: owner, body: large })).status).toBe(400);
    const { db } = await database();
    await db.update(liveStreams).set({ sizeBytes: LIVE_LIMITS.totalLetters });
    expect(await send(link, 0)).toEqual([413]);
  });

  it('may be repeated from the start when the answer was lost', async () => {
    const facts = {
      idHash: 'a'.repeat(43),
      authHash: 'b'.repeat(43),
      transcriptId: crypto.randomUUID(),
      hasPassword: false,
      lifetimeS: 3600,
    };
    expect((await live.create({ as: owner, body: facts })).status).toBe(204);
    expect((await live.create({ as: owner, body: facts })).status).toBe(204);
    const changed = { ...facts, authHash: 'c'.repeat(43) };
    expect((await live.create({ as: owner, body: changed })).status).toBe(409);
  });
});

describe('a link to live text', () => {
  it('is answered like an unknown one without its key, or as the link of a finished transcript', async () => {
    const link = await makeLive(owner);
    const share = await makeShare(owner);
    const { auth } = await deriveShareKeys(newShareSecret(), null);
    const bodies = await Promise.all(
      [
        live.follow(newShareSecret().id, { auth }),
        live.follow(link.id, { auth }),
        live.follow(link.id, {}),
        live.follow(share.id, { auth: share.auth }),
        call.open(link.id, { auth: link.auth }),
      ].map(async (answering) => {
        const answer = await answering;
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toContain('404');
  });

  it('counts wrong passwords like any other link', async () => {
    const link = await makeLive(owner, { password: 'secret' });
    const { auth } = await deriveShareKeys(newShareSecret(), null);
    for (let n = 0; n < 10; n += 1) expect((await live.follow(link.id, { auth })).status).toBe(403);
    expect((await live.follow(link.id, { auth: link.auth })).status).toBe(429);
  });

  it('is listed with the shares and counts who opened it, once for each', async () => {
    const link = await makeLive(owner);
    await send(link, 0);
    await (await follow(link)).cancel();
    await (await follow(link, 1)).cancel();
    const list = (await (await call.list({ as: owner })).json()) as { shares: unknown[] };
    expect(list.shares).toMatchObject([{ idHash: link.idHash, kind: 'live', opens: 1 }]);
  });

  it('is removed with all its frames once it has ended', async () => {
    const link = await makeLive(owner);
    await send(link, 0, 1);
    const { db } = await database();
    await db.update(shares).set({ expiresAt: sql`now() - interval '1 second'` });
    await sweepShares();
    expect(await db.$count(shares)).toBe(0);
    expect(await db.$count(liveFrames)).toBe(0);
  });
});
