import { describe, expect, test } from 'vitest';
import { NO_CAPTIONS, wholeFrame } from '@/lib/client/captions/captions';
import { deriveShareKeys, newShareSecret } from './envelope';
import { openFrame, sealFrame } from './live-sender';

const frame = wholeFrame({ ...NO_CAPTIONS, phase: 'listening', title: 'Talk', words: ['one'] });

async function newKey() {
  return (await deriveShareKeys(newShareSecret(), null)).live;
}

const codeOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error) => error.code,
  );

describe('a sealed frame', () => {
  test('is opened in its place', async () => {
    const key = await newKey();
    expect(await openFrame(key, 7, await sealFrame(key, 7, false, frame))).toEqual(frame);
    expect(await openFrame(key, 8, await sealFrame(key, 8, true, frame))).toEqual(frame);
  });

  test('is refused when it is repeated, comes early, or from another link', async () => {
    const key = await newKey();
    const sealed = await sealFrame(key, 7, false, frame);
    expect(await codeOf(openFrame(key, 8, sealed))).toBe('SHARE_DECRYPT_FAILED');
    expect(await codeOf(openFrame(key, 6, { ...sealed, n: 6 }))).toBe('SHARE_DECRYPT_FAILED');
    expect(await codeOf(openFrame(await newKey(), 7, sealed))).toBe('SHARE_DECRYPT_FAILED');
  });

  test('is the last one only if it was sealed as that', async () => {
    const key = await newKey();
    const more = await sealFrame(key, 0, false, frame);
    const last = await sealFrame(key, 0, true, frame);
    expect(await codeOf(openFrame(key, 0, { ...more, isLast: true }))).toBe('SHARE_DECRYPT_FAILED');
    expect(await codeOf(openFrame(key, 0, { ...last, isLast: false }))).toBe(
      'SHARE_DECRYPT_FAILED',
    );
  });

  test('is refused with any changed letter', async () => {
    const key = await newKey();
    const sealed = await sealFrame(key, 0, false, frame);
    for (const at of [0, 20, sealed.payload.length - 2]) {
      const letter = sealed.payload[at] === 'A' ? 'B' : 'A';
      const payload = `${sealed.payload.slice(0, at)}${letter}${sealed.payload.slice(at + 1)}`;
      expect(await codeOf(openFrame(key, 0, { ...sealed, payload }))).toBe('SHARE_DECRYPT_FAILED');
    }
  });

  test('of a later version says so', async () => {
    const key = await newKey();
    const later = { ...frame, version: 2 } as unknown as typeof frame; // what a later version seals
    expect(await codeOf(openFrame(key, 0, await sealFrame(key, 0, false, later)))).toBe(
      'SHARE_TOO_NEW',
    );
  });
});
