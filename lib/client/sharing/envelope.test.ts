import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES, HEADER_BYTES, sealedBytes, TAG_BYTES } from '@/lib/contracts/shares';
import {
  deriveShareKeys,
  type EnvelopeKind,
  newShareSecret,
  openStream,
  type ShareKeys,
  sealStream,
} from './envelope';
import { bytesOf, patterned, streamOf } from './test-share';

const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

let keys: ShareKeys;
beforeAll(async () => {
  keys = await deriveShareKeys(newShareSecret(), null);
});

const seal = (bytes: Uint8Array, pieces?: readonly number[], kind: EnvelopeKind = 'audio') =>
  bytesOf(streamOf(bytes, pieces).pipeThrough(sealStream(keys[kind], kind)));
const open = (
  bytes: Uint8Array,
  pieces?: readonly number[],
  { key = keys.audio, kind = 'audio' as EnvelopeKind } = {},
) => bytesOf(streamOf(bytes, pieces).pipeThrough(openStream(key, kind)));
const refused = (opening: Promise<unknown>, code = 'SHARE_DECRYPT_FAILED') =>
  expect(opening).rejects.toMatchObject({ code });

/** The place of the format's version in the header. */
const VERSION_AT = 3;
/** What is said when a byte is another: that a version is higher is taken for a later format. */
const codeFor = (changed: Uint8Array) =>
  (changed[VERSION_AT] ?? 0) > 1 ? 'SHARE_TOO_NEW' : 'SHARE_DECRYPT_FAILED';

/** Lengths about which chunks begin and end. */
const EDGES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES];
const pieces = fc.array(fc.integer({ min: 64, max: 3 * CHUNK_BYTES }), {
  minLength: 1,
  maxLength: 4,
});

describe('an envelope', () => {
  it('gives back what was sealed, whatever pieces it came and went in', async () => {
    const lengths = fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: 0, max: 2_500_000 }));
    await fc.assert(
      fc.asyncProperty(lengths, pieces, pieces, async (length, cutIn, cutOut) => {
        const plain = patterned(length);
        const sealed = await seal(plain, cutIn);
        expect(sealed.length).toBe(sealedBytes(length));
        expect(Buffer.compare(await open(sealed, cutOut), plain)).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('survives being cut into single bytes', async () => {
    const plain = patterned(300);
    expect(await open(await seal(plain, [1]), [1])).toEqual(plain);
  });

  it('is refused when any bit of it is another', async () => {
    const sealed = await seal(patterned(5000));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: sealed.length - 1 }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const changed = sealed.slice();
          changed[at] = (changed[at] ?? 0) ^ (1 << bit);
          await refused(open(changed), codeFor(changed));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is refused when any byte of its header is another', async () => {
    const sealed = await seal(patterned(10));
    for (let at = 0; at < HEADER_BYTES; at += 1) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      await refused(open(changed), codeFor(changed));
    }
  });

  it('is distinguished from one that a later version made', async () => {
    const later = Uint8Array.from([0x41, 0x32, 0x54, 2, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
    await refused(open(later), 'SHARE_TOO_NEW');
    await refused(open(later.subarray(0, 5)));
    await refused(open(Uint8Array.from([0x50, ...later.subarray(1)])));
  });

  it('is refused when its end is missing, also at the edge of a chunk', async () => {
    const sealed = await seal(patterned(2 * CHUNK_BYTES + 500));
    const ends = [0, 5, HEADER_BYTES, HEADER_BYTES + 3, sealed.length - 1];
    const edges = [1, 2].map((chunks) => HEADER_BYTES + chunks * SEALED_CHUNK);
    for (const end of [...ends, ...edges]) await refused(open(sealed.subarray(0, end)));
  });

  it('is refused when bytes were appended', async () => {
    const sealed = await seal(patterned(CHUNK_BYTES));
    for (const extra of [1, TAG_BYTES, SEALED_CHUNK])
      await refused(open(Buffer.concat([sealed, Buffer.alloc(extra)])));
  });

  it('is refused when its chunks change places or one comes twice', async () => {
    const sealed = await seal(patterned(3 * CHUNK_BYTES));
    const header = sealed.subarray(0, HEADER_BYTES);
    const chunk = (at: number) =>
      sealed.subarray(HEADER_BYTES + at * SEALED_CHUNK, HEADER_BYTES + (at + 1) * SEALED_CHUNK);
    for (const order of [
      [1, 0, 2],
      [0, 0, 2],
      [0, 2],
      [0, 2, 1],
    ])
      await refused(open(Buffer.concat([header, ...order.map(chunk)])));
  });

  it('is refused in the place of another kind, under either key', async () => {
    const sealed = await seal(patterned(100), undefined, 'document');
    await refused(open(sealed));
    await refused(open(sealed, undefined, { key: keys.document }));
    await refused(open(sealed, undefined, { kind: 'document' }));
    expect(await open(sealed, undefined, { key: keys.document, kind: 'document' })).toEqual(
      patterned(100),
    );
  });

  it('is refused in the place of one from another link', async () => {
    const sealed = await seal(patterned(100));
    const other = await deriveShareKeys(newShareSecret(), null);
    await refused(open(sealed, undefined, { key: other.audio }));
  });

  it('never says the same twice', async () => {
    const [first, second] = await Promise.all([seal(patterned(64)), seal(patterned(64))]);
    expect(Buffer.compare(first.subarray(HEADER_BYTES), second.subarray(HEADER_BYTES))).not.toBe(0);
  });

  it('does not hold a whole file: it stops reading while nobody takes what it made', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(out) {
        given += 1;
        out.enqueue(new Uint8Array(CHUNK_BYTES));
      },
    });
    const reader = endless.pipeThrough(sealStream(keys.audio, 'audio')).getReader();
    for (let reads = 0; reads < 3; reads += 1) await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(given).toBeLessThan(10);
    await reader.cancel();
  });
});
