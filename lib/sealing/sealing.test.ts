import { describe, expect, it } from 'vitest';
import { isPublicKey, newOwnerKey, openSegments, ownerKeySchema, sealSegments } from '.';

const place = { jobId: 'ab'.repeat(32), ordinal: 3 };
const word = { text: 'Größe', startMs: 1, endMs: 2, confidence: 0.5 };
const segments = [
  {
    ...{ id: 's1', startMs: 1, endMs: 2, speakerId: null, edited: false },
    ...{ text: word.text, words: [word] },
  },
];

describe('segments sealed to an owner', () => {
  it('are opened by the key of the owner, and say nothing before', async () => {
    const key = ownerKeySchema.parse(await newOwnerKey());
    const sealed = await sealSegments(key.publicKey, place, segments);
    expect(Buffer.from(sealed, 'base64url').toString()).not.toContain(word.text);
    expect(await openSegments(key, place, sealed)).toEqual(segments);
  });

  it('look different each time', async () => {
    const { publicKey } = await newOwnerKey();
    const once = await sealSegments(publicKey, place, segments);
    expect(await sealSegments(publicKey, place, segments)).not.toBe(once);
  });

  it('are not opened by another key, in another place, or when a byte was changed', async () => {
    const [key, other] = [await newOwnerKey(), await newOwnerKey()];
    const sealed = await sealSegments(key.publicKey, place, segments);
    const refused = { code: 'INBOX_DECRYPT_FAILED' };
    await expect(openSegments(other, place, sealed)).rejects.toMatchObject(refused);
    for (const elsewhere of [
      { ...place, ordinal: 4 },
      { ...place, jobId: 'cd'.repeat(32) },
    ])
      await expect(openSegments(key, elsewhere, sealed)).rejects.toMatchObject(refused);
    const bytes = Buffer.from(sealed, 'base64url');
    for (const at of [0, 40, 70, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const text = changed.toString('base64url');
      await expect(openSegments(key, place, text)).rejects.toMatchObject(refused);
    }
    await expect(openSegments(key, place, '')).rejects.toMatchObject(refused);
  });
});

it('takes only points of the curve for public keys', async () => {
  const { publicKey } = await newOwnerKey();
  expect(await isPublicKey(publicKey)).toBe(true);
  const bytes = Buffer.from(publicKey, 'base64url');
  bytes[64] = (bytes[64] ?? 0) ^ 1;
  expect(await isPublicKey(bytes.toString('base64url'))).toBe(false);
  expect(await isPublicKey('AAAA')).toBe(false);
});
