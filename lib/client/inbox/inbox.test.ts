import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { getTranscript, readTranscript, setDeleted, setSetting } from '@/lib/client/store';
import type { InboxTranscript } from '@/lib/contracts';
import { newOwnerKey, sealSegments } from '@/lib/sealing';
import { addToLibrary, keepKey, keyFile, keyToSealTo, readKeyFile } from '.';

const JOB = 'ab'.repeat(32);
const never = new AbortController().signal;

const segments = ['One.', 'Two.'].map((text, at) => {
  const times = { startMs: at * 1000, endMs: at * 1000 + 900 };
  const words = [{ text, ...times, confidence: 1 }];
  return { id: `s${at}`, ...times, speakerId: null, edited: false, text, words };
});

const facts = () => ({
  ...{ version: 1 as const, id: crypto.randomUUID(), title: 'Talk', language: 'en' },
  ...{ createdAt: '2026-01-02T03:04:05.000Z', durationMs: 2000, speakers: [] },
  source: { name: 'talk.wav', mediaType: 'audio/wav', sizeBytes: 4, sha256: null },
  model: { id: 'test', backend: 'wasm' as const, precision: 'none' },
});

/** What the server answers of the only transcript. */
const serve = (transcript: InboxTranscript) =>
  vi.stubGlobal('fetch', async () => Response.json(transcript));

/** A transcript of two batches that are sealed to a key. */
async function sealed(publicKey: string): Promise<Extract<InboxTranscript, { sealedTo: string }>> {
  const batches = segments.map(async (segment, ordinal) => ({
    ordinal,
    sealed: await sealSegments(publicKey, { jobId: JOB, ordinal }, [segment]),
  }));
  return { ...facts(), sealedTo: publicKey, sealedBatches: await Promise.all(batches) };
}

beforeEach(() => setSetting('inboxKeys', []));
afterEach(() => vi.unstubAllGlobals());

it('adds a plain transcript once, and brings back one that was deleted', async () => {
  serve({ ...facts(), segments });
  const id = await addToLibrary(JOB, null, never);
  expect((await readTranscript(id)).segments.map(({ text }) => text)).toEqual(['One.', 'Two.']);
  await setDeleted(id, true);
  expect(await addToLibrary(JOB, null, never)).toBe(id);
  expect((await getTranscript(id))?.deletedAt).toBeNull();
});

it('opens a sealed transcript with its key, and says when that is not here', async () => {
  const [older, key] = [await newOwnerKey(), await newOwnerKey()];
  serve(await sealed(key.publicKey));
  await keepKey(older);
  const missing = { code: 'INBOX_KEY_MISSING' };
  await expect(addToLibrary(JOB, null, never)).rejects.toMatchObject(missing);
  await keepKey(key);
  const id = await addToLibrary(JOB, null, never);
  expect((await readTranscript(id)).segments.map(({ text }) => text)).toEqual(['One.', 'Two.']);
});

it('adds nothing of a sealed transcript in which a batch is missing or in another place', async () => {
  const key = await newOwnerKey();
  await keepKey(key);
  const whole = await sealed(key.publicKey);
  for (const sealedBatches of [whole.sealedBatches.slice(1), whole.sealedBatches.toReversed()]) {
    serve({ ...whole, sealedBatches });
    const refused = { code: 'INBOX_DECRYPT_FAILED' };
    await expect(addToLibrary(JOB, null, never)).rejects.toMatchObject(refused);
    expect(await getTranscript(whole.id)).toBeNull();
  }
});

it('brings a key to another device as a file, and takes no other file for one', async () => {
  const key = await keyToSealTo();
  expect(await keyToSealTo()).toEqual(key);
  expect(await readKeyFile(keyFile(key))).toEqual(key);
  const { privateKey } = await newOwnerKey();
  const refused = { code: 'BAD_REQUEST' };
  for (const text of ['{', '{}', JSON.stringify({ ...key, privateKey })])
    await expect(readKeyFile(new Blob([text]))).rejects.toMatchObject(refused);
});
