import 'fake-indexeddb/auto';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlayableOrder, PlayableWriter } from '@/lib/client/playback/writer';
import { closeDatabase, storing } from '@/lib/client/store/db';
import { storeEdit } from '@/lib/client/store/edits';
import { importTranscript } from '@/lib/client/store/import-transcript';
import { getMedia, keepMedia } from '@/lib/client/store/media';
import { setSetting } from '@/lib/client/store/settings';
import { memoryStorage } from '@/lib/client/store/test-opfs';
import { getPeaks, readTranscript } from '@/lib/client/store/transcripts';
import { AppError, abortError } from '@/lib/core';
import type { RedactionGroup, Transcript } from '@/lib/transcript';
import { createRedactor } from './redactor';

const ORIGINAL: Transcript = {
  version: 1,
  id: '7b1f2f1e-0000-4000-8000-000000000000',
  title: 'Zelda on boats',
  language: 'en',
  createdAt: '2026-01-02T03:04:05.000Z',
  durationMs: 2000,
  source: { name: 'zelda.wav', mediaType: 'audio/wav', sizeBytes: 10, sha256: 'aa' },
  model: { id: 'm', backend: 'wasm', precision: 'q8' },
  speakers: [{ id: 'zelda', name: 'Zelda' }],
  segments: [
    {
      id: 'zelda-1',
      startMs: 0,
      endMs: 2000,
      speakerId: 'zelda',
      text: 'i met Zelda there',
      edited: false,
      words: ['i', 'met', 'Zelda', 'there'].map((text, at) => ({
        text,
        startMs: at * 500,
        endMs: at * 500 + 400,
        confidence: 0.5,
        alternatives: ['zelda'],
      })),
    },
  ],
};

/** Writes nothing; notes what it was asked for. */
function testWriter(problem: AppError | null = null) {
  const orders: PlayableOrder[] = [];
  const writer: PlayableWriter = {
    async write(order, { onProgress } = {}) {
      orders.push(order);
      onProgress?.(1000);
      if (problem) throw problem;
      return { mediaType: 'audio/wav', sizeBytes: 77, durationMs: 2000, hasVideo: false };
    },
    dispose: () => undefined,
  };
  return { orders, redactor: createRedactor(() => writer) };
}

const taken = (groups: readonly RedactionGroup[]) =>
  groups.map(({ phrases }) => ({ phrases, role: '[Name 1]' }));

/** Every record of the database that belongs to a transcript, as text. */
const stored = (id: string) =>
  storing(async (db) => {
    const all: [string, unknown][] = [];
    for (const name of db.objectStoreNames)
      for (const row of await db.getAll(name))
        if (JSON.stringify(row).includes(id)) all.push([name, row]);
    return all;
  });

beforeEach(async () => {
  vi.stubGlobal('navigator', { storage: memoryStorage() });
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await storing(async (db) => {
    for (const name of db.objectStoreNames) await db.clear(name);
  });
  await importTranscript(ORIGINAL, [{ firstPeak: 10, peaks: new Uint8Array(30).fill(9) }]);
  await keepMedia(ORIGINAL.id, new Blob(['sound']), new AbortController().signal);
});

afterAll(closeDatabase);

describe('a redacted copy in the library', () => {
  it('has nothing of what was taken out in any record, and leaves the original as it was', async () => {
    const row = { index: 0, id: 'zelda-1', startMs: 0, endMs: 2000 };
    const change = { row, seen: 'i met Zelda there', text: 'we met Zelda there' };
    await storeEdit(ORIGINAL.id, { kind: 'text', changes: [change] }, { by: null, shown: null });
    await setSetting('vocabulary', ['there']);
    const before = await stored(ORIGINAL.id);
    const { redactor, orders } = testWriter();
    const shares: number[] = [];
    const draft = await redactor.open(ORIGINAL.id);
    expect(draft.hasSound).toBe(true);
    expect(draft.groups.map(({ text }) => text)).toEqual(['Zelda', 'there']);
    const { id, soundProblem } = await redactor.copy(
      draft,
      { redactions: taken(draft.groups.slice(0, 1)), title: ORIGINAL.title, sound: 'tone' },
      { onProgress: (share) => shares.push(share) },
    );
    expect(soundProblem).toBeNull();
    expect(shares).toEqual([0.5]);
    const records = await stored(id);
    expect(JSON.stringify(records)).not.toMatch(/zelda/i);
    expect(JSON.stringify(records)).not.toContain(ORIGINAL.id);
    const stores = new Set(records.map(([name]) => name));
    expect([...stores].sort()).toEqual(['peaks', 'segments', 'transcripts', 'words']);
    expect(await readTranscript(id)).toMatchObject({
      title: '[Name 1] on boats',
      source: { name: 'redacted.wav', mediaType: 'audio/wav', sizeBytes: 77, sha256: null },
      speakers: [{ id: 's1', name: '[Name 1]' }],
      segments: [{ text: 'we met [Name 1] there', speakerId: 's1' }],
    });
    expect(orders[0]).toMatchObject({
      from: 'sound',
      withVideo: false,
      cover: { spans: [{ startMs: 1000, endMs: 1400 }], with: 'tone' },
    });
    // flat from 950 to 1450 ms: peaks 19 to 28 of 20 a second, and these begin with the 10th
    const [piece] = await getPeaks(id);
    expect(
      [...(piece?.peaks ?? [])].map((peak, at) => (peak === 0 ? at : -1)).filter((at) => at >= 0),
    ).toEqual(Array.from({ length: 10 }, (_, at) => at + 9));
    expect(await stored(ORIGINAL.id)).toEqual(before);
  });

  it('has no recording where none is wanted or it cannot be written, and says why', async () => {
    const failed = testWriter(new AppError('DECODE_FAILED', 'No.'));
    const draft = await failed.redactor.open(ORIGINAL.id);
    const options = { redactions: taken(draft.groups), title: 'Talk' };
    const copy = await failed.redactor.copy(draft, { ...options, sound: 'silence' });
    expect(copy.soundProblem).toMatchObject({ code: 'DECODE_FAILED' });
    const { redactor, orders } = testWriter();
    const silent = await redactor.copy(draft, { ...options, sound: 'none' });
    expect(silent.soundProblem).toBeNull();
    expect(orders).toEqual([]);
    for (const { id } of [copy, silent]) {
      expect(await getMedia(id)).toBeNull();
      expect(await getPeaks(id)).toEqual([]);
      expect((await stored(id)).find(([name]) => name === 'transcripts')?.[1]).toMatchObject({
        media: 'none',
      });
    }
  });

  it('leaves nothing when it is cancelled', async () => {
    const { signal } = new AbortController();
    const { redactor, orders } = testWriter(abortError(signal));
    const draft = await redactor.open(ORIGINAL.id);
    const copying = redactor.copy(
      draft,
      { redactions: taken(draft.groups), title: 'Talk', sound: 'tone' },
      { signal },
    );
    await expect(copying).rejects.toMatchObject({ code: 'ABORTED' });
    expect(orders).toHaveLength(1);
    expect(await storing((db) => db.getAllKeys('transcripts'))).toEqual([ORIGINAL.id]);
    expect(await getMedia(orders[0]?.file.name ?? '')).toBeNull();
  });
});
