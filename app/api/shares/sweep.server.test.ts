import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { database } from '@/lib/server/db/database';
import { shares, users } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';
import { partKey } from '@/lib/server/shares/share-objects';
import { sweepShares } from '@/lib/server/shares/share-sweep';
import { revokeShare } from '@/lib/server/shares/shares';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { makeShare, type PreparedShare, signedIn } from './test-shares';

const SHARDS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let owner: SignedIn;
beforeEach(async () => {
  await withServer();
  owner = await signedIn();
});

async function keysOf({ facts }: PreparedShare): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objectStore().list('shares/'))
    if (key.includes(facts.idHash)) keys.push(key);
  return keys;
}

async function change(share: PreparedShare, set: Record<string, unknown>): Promise<void> {
  const { db } = await database();
  await db.update(shares).set(set).where(eq(shares.idHash, share.facts.idHash));
}

async function rows(): Promise<number> {
  const { db } = await database();
  return db.$count(shares);
}

describe('the sweep of shares', () => {
  it('removes what was revoked, has expired or was never finished, and nothing else', async () => {
    const revoked = await makeShare(owner, { audioBytes: 9 });
    const expired = await makeShare(owner);
    const abandoned = await makeShare(owner);
    const begun = await makeShare(owner);
    const alive = await makeShare(owner, { audioBytes: 9 });
    await change(revoked, { revokedAt: sql`now()` });
    await change(expired, { expiresAt: sql`now()` });
    await change(abandoned, { completedAt: null, createdAt: sql`now() - interval '25 hours'` });
    await change(begun, { completedAt: null, createdAt: sql`now() - interval '23 hours'` });
    await sweepShares();
    for (const share of [revoked, expired, abandoned]) expect(await keysOf(share)).toEqual([]);
    expect(await keysOf(begun)).toHaveLength(1);
    expect(await keysOf(alive)).toHaveLength(2);
    expect(await rows()).toBe(2);
    await sweepShares();
    expect(await rows()).toBe(2);
  });

  it('removes the ciphertext of an account that was deleted', async () => {
    const share = await makeShare(owner, { audioBytes: 9 });
    const other = await makeShare(await signedIn());
    const { db } = await database();
    await db.delete(users).where(eq(users.id, owner.userId));
    expect(await keysOf(share)).toHaveLength(2);
    await sweepShares(SHARDS.indexOf(share.facts.idHash.charAt(0)));
    expect(await keysOf(share)).toEqual([]);
    await sweepShares(SHARDS.indexOf(other.facts.idHash.charAt(0)));
    expect(await keysOf(other)).toHaveLength(1);
  });

  it('does later what the store refused when a share was revoked', async () => {
    const share = await makeShare(owner, { audioBytes: 9 });
    const broken = vi.spyOn(objectStore(), 'delete');
    broken.mockRejectedValue(new AppError('SERVER_BUSY', 'The store is down.'));
    await revokeShare(owner.userId, share.facts.idHash, new AbortController().signal);
    expect(await keysOf(share)).toHaveLength(2);
    await expect(sweepShares()).resolves.toBeUndefined();
    expect(await rows()).toBe(1);
    broken.mockRestore();
    await sweepShares();
    expect(await keysOf(share)).toEqual([]);
    expect(await rows()).toBe(0);
  });

  it('continues after a piece that was removed by hand', async () => {
    const share = await makeShare(owner, { audioBytes: 9 });
    await objectStore().delete(partKey(share.facts.idHash, 0));
    await change(share, { revokedAt: sql`now()` });
    await sweepShares();
    expect(await rows()).toBe(0);
  });
});
