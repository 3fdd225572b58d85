import { beforeEach, describe, expect, it } from 'vitest';
import {
  LIFETIME_S,
  MAX_AUDIO_BYTES,
  MAX_DOCUMENT_BYTES,
  MAX_SHARES,
  PART_BYTES,
  shareListSchema,
} from '@/lib/contracts/shares';
import { database } from '@/lib/server/db/database';
import { shares } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { call, makeShare, prepareShare, signedIn } from './test-shares';

let owner: SignedIn;
beforeEach(async () => {
  await withServer();
  owner = await signedIn();
});

const status = async (answer: Promise<Response>) => (await answer).status;
const listOf = async (as: SignedIn, query = '') =>
  shareListSchema.parse(await (await call.list({ as }, query)).json()).shares;
const storedKeys = async () => {
  const keys: string[] = [];
  for await (const { key } of objectStore().list('shares/')) keys.push(key);
  return keys;
};

describe('making a share', () => {
  it('needs a session at every step', async () => {
    const share = await prepareShare({ audioBytes: 10 });
    const [body] = share.parts;
    expect(await status(call.create({ body: share.facts }))).toBe(401);
    await call.create({ as: owner, body: share.facts });
    expect(await status(call.putDocument(share.facts.idHash, { body: share.document }))).toBe(401);
    expect(await status(call.putPart(share.facts.idHash, 0, { body }))).toBe(401);
    expect(await status(call.complete(share.facts.idHash, {}))).toBe(401);
    expect(await status(call.revoke(share.facts.idHash, {}))).toBe(401);
    expect(await status(call.list({}))).toBe(401);
  });

  it('is done by its owner alone: to others it is not there', async () => {
    const other = await signedIn();
    const share = await prepareShare();
    const { idHash } = share.facts;
    await call.create({ as: owner, body: share.facts });
    expect(await status(call.putDocument(idHash, { as: other, body: share.document }))).toBe(404);
    expect(await status(call.complete(idHash, { as: other }))).toBe(404);
    expect(await status(call.revoke(idHash, { as: other }))).toBe(404);
    expect(await status(call.create({ as: other, body: share.facts }))).toBe(409);
    expect(await listOf(other)).toEqual([]);
  });

  it('keeps neither the id nor the key of the link', async () => {
    const share = await makeShare(owner);
    const { db } = await database();
    const stored = JSON.stringify([await db.select().from(shares), await storedKeys()]);
    expect(stored).toContain(share.facts.idHash);
    expect(stored).not.toContain(share.id);
    expect(stored).not.toContain(share.auth);
  });

  it('refuses sizes, times and hashes that cannot be', async () => {
    const { facts } = await prepareShare();
    for (const wrong of [
      { documentBytes: MAX_DOCUMENT_BYTES + 1 },
      { documentBytes: 0 },
      { documentBytes: 100.5 },
      { audioBytes: MAX_AUDIO_BYTES + 1 },
      { audioBytes: -1 },
      { audioBytes: 3 },
      { lifetimeS: LIFETIME_S.min - 1 },
      { lifetimeS: LIFETIME_S.max + 1 },
      { idHash: '../../etc/passwd' },
      { authHash: 'short' },
      { transcriptId: 'not a uuid' },
      { completedAt: '2026-01-01T00:00:00Z' },
    ])
      expect(await status(call.create({ as: owner, body: { ...facts, ...wrong } }))).toBe(400);
    expect(await storedKeys()).toEqual([]);
  });

  it('takes ciphertext of the size that was said, and no other', async () => {
    const share = await prepareShare({ audioBytes: 1000 });
    const { idHash } = share.facts;
    await call.create({ as: owner, body: share.facts });
    const short = share.document.subarray(1);
    const long = new Uint8Array(share.document.length + 1);
    expect(await status(call.putDocument(idHash, { as: owner, body: short }))).toBe(400);
    expect(await status(call.putDocument(idHash, { as: owner, body: long }))).toBe(413);
    const body = share.parts[0];
    for (const n of [1, 511, 99_999, -1, '0x0', '../document'])
      expect(await status(call.putPart(idHash, n, { as: owner, body }))).toBe(400);
    expect(await storedKeys()).toEqual([]);
  });

  it('cannot be completed while a part is missing', async () => {
    const share = await prepareShare({ audioBytes: PART_BYTES + 10 });
    const { idHash } = share.facts;
    await call.create({ as: owner, body: share.facts });
    await call.putDocument(idHash, { as: owner, body: share.document });
    await call.putPart(idHash, 1, { as: owner, body: share.parts[1] });
    expect(await status(call.complete(idHash, { as: owner }))).toBe(400);
    await call.putPart(idHash, 0, { as: owner, body: share.parts[0] });
    expect(await status(call.complete(idHash, { as: owner }))).toBe(204);
  });

  it('may repeat every step whose answer was lost', async () => {
    const share = await prepareShare({ audioBytes: 10 });
    const { idHash } = share.facts;
    const [body] = share.parts;
    for (let time = 0; time < 2; time += 1) {
      expect(await status(call.create({ as: owner, body: share.facts }))).toBe(204);
      expect(await status(call.putDocument(idHash, { as: owner, body: share.document }))).toBe(204);
      expect(await status(call.putPart(idHash, 0, { as: owner, body }))).toBe(204);
    }
    expect(await status(call.complete(idHash, { as: owner }))).toBe(204);
    expect(await status(call.complete(idHash, { as: owner }))).toBe(204);
    expect(await listOf(owner)).toHaveLength(1);
  });

  it('cannot put other ciphertext behind a link that is out', async () => {
    const share = await makeShare(owner, { audioBytes: 10 });
    const { idHash } = share.facts;
    const body = share.document.slice().fill(7);
    expect(await status(call.putDocument(idHash, { as: owner, body }))).toBe(404);
    expect(await status(call.putPart(idHash, 0, { as: owner, body: share.parts[0] }))).toBe(404);
    expect(await status(call.create({ as: owner, body: share.facts }))).toBe(409);
    const opened = await call.open(share.id, { auth: share.auth });
    expect(new Uint8Array(await opened.arrayBuffer())).toEqual(share.document);
  });

  it('is refused beyond the number that one person may have, also at the same moment', async () => {
    const { db } = await database();
    const row = (at: number) => ({
      idHash: String(at).padEnd(43, '-'),
      ownerId: owner.userId,
      transcriptId: owner.userId,
      authHash: 'x',
      hasPassword: false,
      documentBytes: 100,
      audioBytes: 0,
      audioParts: 0,
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    await db.insert(shares).values(Array.from({ length: MAX_SHARES - 1 }, (_, at) => row(at)));
    const prepared = await Promise.all([1, 2, 3].map(() => prepareShare()));
    const answers = await Promise.all(
      prepared.map(({ facts }) => status(call.create({ as: owner, body: facts }))),
    );
    expect(answers.sort()).toEqual([204, 403, 403]);
  });
});

describe('the list of links', () => {
  it('has what was completed, of one transcript when that is asked for', async () => {
    const share = await makeShare(owner, { password: 'p', audioBytes: 5 });
    const unfinished = await prepareShare();
    await call.create({ as: owner, body: unfinished.facts });
    const [facts, ...others] = await listOf(owner, `?transcriptId=${share.facts.transcriptId}`);
    expect(others).toEqual([]);
    expect(facts).toMatchObject({
      idHash: share.facts.idHash,
      hasPassword: true,
      audioBytes: share.facts.audioBytes,
      isExpired: false,
      opens: 0,
      lastOpenedAt: null,
    });
    expect(await listOf(owner, `?transcriptId=${owner.userId}`)).toEqual([]);
    expect(await status(call.list({ as: owner }, '?transcriptId=x'))).toBe(400);
  });

  it('counts openings of the document, and not of its parts', async () => {
    const share = await makeShare(owner, { audioBytes: 5 });
    for (let time = 0; time < 3; time += 1)
      await (await call.open(share.id, { auth: share.auth })).arrayBuffer();
    await (await call.openPart(share.id, 0, { auth: share.auth })).arrayBuffer();
    await call.open(share.id, { auth: 'wrong' });
    const [facts] = await listOf(owner);
    expect(facts?.opens).toBe(3);
    expect(Date.now() - Date.parse(facts?.lastOpenedAt ?? '')).toBeLessThan(60_000);
  });
});

describe('revoking a share', () => {
  it('removes its ciphertext at once, and is fine when it is done again by hash or by id', async () => {
    const share = await makeShare(owner, { audioBytes: 5 });
    const kept = await makeShare(owner);
    expect(await status(call.revoke(share.facts.idHash, { as: owner }))).toBe(204);
    expect(await status(call.open(share.id, { auth: share.auth }))).toBe(404);
    expect((await storedKeys()).filter((key) => key.includes(share.facts.idHash))).toEqual([]);
    expect((await listOf(owner)).map(({ idHash }) => idHash)).toEqual([kept.facts.idHash]);
    expect(await status(call.revoke(kept.id, { as: owner }))).toBe(204);
    expect(await storedKeys()).toEqual([]);
  });

  it('takes away what arrives after it', async () => {
    const share = await prepareShare();
    const { idHash } = share.facts;
    await call.create({ as: owner, body: share.facts });
    await call.revoke(idHash, { as: owner });
    expect(await status(call.putDocument(idHash, { as: owner, body: share.document }))).toBe(404);
    expect(await storedKeys()).toEqual([]);
  });
});
