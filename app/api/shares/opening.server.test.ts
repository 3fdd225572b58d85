import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { deriveShareKeys, newShareSecret } from '@/lib/client/sharing/envelope';
import { PART_BYTES } from '@/lib/contracts/shares';
import { database } from '@/lib/server/db/database';
import { rateLimits, shares } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';
import { documentKey } from '@/lib/server/shares/share-objects';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { recordStatements } from '@/lib/server/testing/statements';
import { withServer } from '@/lib/server/testing/test-support';
import { call, makeShare, type PreparedShare, signedIn } from './test-shares';

let owner: SignedIn;
beforeEach(async () => {
  await withServer();
  owner = await signedIn();
});

/** The whole answer, but for what names this one request. */
async function answerOf(answering: Promise<Response>) {
  const answer = await answering;
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id');
  return { status: answer.status, headers, body: await answer.text() };
}

async function end(share: PreparedShare, change: 'expired' | 'revoked' | 'unfinished') {
  const { db } = await database();
  const set = {
    expired: { expiresAt: sql`now() - interval '1 second'` },
    revoked: { revokedAt: sql`now()` },
    unfinished: { completedAt: null },
  }[change];
  await db.update(shares).set(set).where(eq(shares.idHash, share.facts.idHash));
}

const wrongKey = async () => (await deriveShareKeys(newShareSecret(), null)).auth;

describe('opening a share', () => {
  it('gives the ciphertext to any key holder, without a session', async () => {
    const share = await makeShare(owner, { audioBytes: PART_BYTES + 1000 });
    const opened = await call.open(share.id, { auth: share.auth });
    expect(opened.status).toBe(200);
    expect(opened.headers.get('content-type')).toBe('application/octet-stream');
    expect(opened.headers.get('cache-control')).toContain('no-store');
    expect(Date.parse(opened.headers.get('x-share-expires') ?? '')).toBeGreaterThan(Date.now());
    expect(Buffer.compare(new Uint8Array(await opened.arrayBuffer()), share.document)).toBe(0);
    for (const [n, part] of share.parts.entries()) {
      const answer = await call.openPart(share.id, n, { auth: share.auth });
      expect(Buffer.compare(new Uint8Array(await answer.arrayBuffer()), part)).toBe(0);
    }
    expect((await call.openPart(share.id, 2, { auth: share.auth })).status).toBe(404);
  });

  it('says the same of unknown, expired, revoked and unfinished links, and to a wrong key', async () => {
    const auth = await wrongKey();
    const { id: unknownId } = newShareSecret();
    const unknown = await answerOf(call.open(unknownId, { auth }));
    expect(unknown.status).toBe(404);
    const answers = [
      await answerOf(call.open('not-an-id', { auth })),
      await answerOf(call.open('x'.repeat(200), { auth })),
      await answerOf(call.open(unknownId, {})),
    ];
    for (const password of [null, 'secret'])
      for (const change of ['expired', 'revoked', 'unfinished'] as const) {
        const share = await makeShare(owner, { password, audioBytes: 3 });
        await end(share, change);
        answers.push(await answerOf(call.open(share.id, { auth: share.auth })));
        answers.push(await answerOf(call.open(share.id, { auth })));
        answers.push(await answerOf(call.openPart(share.id, 0, { auth: share.auth })));
      }
    const alive = await makeShare(owner, { audioBytes: 3 });
    for (const shown of [auth, '', 'é', `${alive.auth}x`, alive.facts.authHash])
      answers.push(await answerOf(call.open(alive.id, { auth: encodeURIComponent(shown) })));
    answers.push(await answerOf(call.openPart(alive.id, 0, { auth })));
    for (const answer of answers) expect(answer).toEqual(unknown);
  });

  it('takes as long for a link that is there as for one that never was', async () => {
    const auth = await wrongKey();
    const share = await makeShare(owner);
    const expired = await makeShare(owner);
    await end(expired, 'expired');
    const ids = [share.id, expired.id, newShareSecret().id];
    const times = ids.map((): number[] => []);
    for (let round = 0; round < 120; round += 1)
      for (const [at, id] of ids.entries()) {
        const startedMs = performance.now();
        await call.open(id, { auth, from: `10.0.${round}.${at}` });
        times[at]?.push(performance.now() - startedMs);
      }
    const medians = times.map((all) => all.sort((a, b) => a - b)[60] ?? 0);
    // a lookup more or less would be half of it
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.35);
  });

  it('costs the statements of the share alone, also for readers who are signed in', async () => {
    const share = await makeShare(owner, { audioBytes: 3 });
    const statements = await recordStatements();
    const as = await signedIn();
    statements.length = 0;
    expect((await call.open(share.id, { as, auth: share.auth })).status).toBe(200);
    const found = expect.stringMatching(/^select .* from "shares" where/);
    expect(statements).toEqual([found, expect.stringMatching(/^update "shares" set "opens"/)]);
    statements.length = 0;
    expect((await call.openPart(share.id, 0, { as, auth: share.auth })).status).toBe(200);
    expect(statements).toEqual([found]);
  });

  it('makes no database to look for a share', async () => {
    await withServer({ database: 'none' });
    const { id } = newShareSecret();
    expect((await call.open(id, { auth: await wrongKey() })).status).toBe(404);
  });

  it('says that it is our fault when ciphertext is lost, and does not count an opening', async () => {
    const share = await makeShare(owner);
    await objectStore().delete(documentKey(share.facts.idHash));
    const answer = await call.open(share.id, { auth: share.auth });
    expect([answer.status, (await answer.json()).code]).toEqual([500, 'UNKNOWN']);
    const { db } = await database();
    expect(await db.select({ opens: shares.opens }).from(shares)).toEqual([{ opens: 0 }]);
  });
});

describe('a share with a password', () => {
  const tryOpening = async (share: PreparedShare, auth: string, from = '10.1.1.1') => {
    const answer = await call.open(share.id, { auth, from });
    return { status: answer.status, code: answer.ok ? null : (await answer.json()).code };
  };

  it('says when the password is wrong, and opens with the right one', async () => {
    const share = await makeShare(owner, { password: 'open sesame' });
    expect(await tryOpening(share, await wrongKey())).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect((await tryOpening(share, share.auth)).status).toBe(200);
  });

  it('takes ten wrong passwords, then refuses the right one, too, until the time is over', async () => {
    const share = await makeShare(owner, { password: 'p', audioBytes: 5 });
    const other = await makeShare(owner, { password: 'p' });
    const auth = await wrongKey();
    for (let time = 0; time < 10; time += 1)
      expect((await tryOpening(share, auth, `10.2.0.${time}`)).status).toBe(403);
    for (const shown of [auth, share.auth]) {
      const answer = await call.open(share.id, { auth: shown, from: '10.2.1.1' });
      expect(answer.status).toBe(429);
      const waitS = Number(answer.headers.get('retry-after'));
      expect(waitS).toBeGreaterThan(800);
      expect(waitS).toBeLessThanOrEqual(900);
    }
    // the way by its parts is not another way
    expect((await call.openPart(share.id, 0, { auth: share.auth })).status).toBe(429);
    expect((await tryOpening(other, other.auth)).status).toBe(200);
    const { db } = await database();
    await db.update(rateLimits).set({ resetsAt: sql`now()` });
    expect((await tryOpening(share, share.auth)).status).toBe(200);
  });

  it('counts tries at the same moment one after the other', async () => {
    const share = await makeShare(owner, { password: 'p' });
    const auth = await wrongKey();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => tryOpening(share, auth, `10.3.0.${at}`)),
    );
    const count = (status: number) => answers.filter((one) => one.status === status).length;
    expect([count(403), count(429)]).toEqual([10, 20]);
  });

  it('does not count right passwords, however many', async () => {
    const share = await makeShare(owner, { password: 'p' });
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, at) => tryOpening(share, share.auth, `10.4.0.${at}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('takes sixty wrong passwords from one address over all links', async () => {
    const made: PreparedShare[] = [];
    for (let at = 0; at < 7; at += 1) made.push(await makeShare(owner, { password: 'p' }));
    const auth = await wrongKey();
    const statuses: number[] = [];
    for (const share of made)
      for (let time = 0; time < 9; time += 1)
        statuses.push((await tryOpening(share, auth, '10.5.0.1')).status);
    expect(statuses.indexOf(429)).toBe(60);
    const [first] = made;
    if (!first) throw new Error('Nothing was made.');
    expect((await tryOpening(first, first.auth, '10.5.0.2')).status).toBe(200);
  });

  it('is not opened by the whole link without its password', async () => {
    const share = await makeShare(owner, { password: 'p' });
    const { auth } = await deriveShareKeys(share, null);
    expect(await tryOpening(share, auth)).toEqual({ status: 403, code: 'FORBIDDEN' });
  });
});
