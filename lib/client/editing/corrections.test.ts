import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeDatabase } from '@/lib/client/store/db';
import { getSetting, setSetting } from '@/lib/client/store/settings';
import type { Row } from '@/lib/transcript';
import { addToVocabulary, correctedNames, watchCorrections } from './corrections';

function row(text: string, id = 'r'): Row {
  const words = text
    .split(' ')
    .map((word, at) => ({ text: word, startMs: at * 100, endMs: at * 100 + 90, confidence: 1 }));
  return { index: 0, id, startMs: 0, endMs: 5000, speakerId: null, text, edited: true, words };
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await setSetting('corrections', {});
  await setSetting('vocabulary', []);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

it('finds names and terms that took the place of other words', () => {
  const names = (before: string, now: string) => correctedNames(row(before), row(now));
  expect(names('i met miss o leary today', 'I met Ms. O’Leary today')).toEqual(['Ms O’Leary']);
  expect(names('the cat ion exchange', 'the cation exchange')).toEqual([]);
  expect(names('a lectern phoresis works', 'electrophoresis works')).toEqual(['electrophoresis']);
  expect(names('hello there', 'Hello there')).toEqual([]);
  expect(names('it was', 'is was')).toEqual([]);
});

it('offers a name when it was put right twice, once, and counts a word only as it was left', async () => {
  const offer = vi.fn();
  const watch = watchCorrections(offer);
  const type = (before: string, ...steps: string[]) => {
    let last = row(before);
    for (const step of steps) {
      watch.edited({ removed: [last], added: [row(step)], relabelled: [], speakers: null });
      last = row(step);
    }
    vi.advanceTimersByTime(4_000);
  };
  type('mr smith said', 'Mr Schm said', 'Mr Schmidt said');
  await vi.waitFor(async () =>
    expect(await getSetting('corrections')).toEqual({ 'Mr Schmidt': 1 }),
  );
  expect(offer).not.toHaveBeenCalled();
  type('mr smith left', 'Mr Schmidt left');
  await vi.waitFor(() => expect(offer.mock.calls).toEqual([['Mr Schmidt']]));
  type('mr smith went', 'Mr Schmidt went');
  await vi.waitFor(async () =>
    expect(await getSetting('corrections')).toEqual({ 'Mr Schmidt': 3 }),
  );
  expect(offer).toHaveBeenCalledTimes(1);
  await addToVocabulary('Mr Schmidt');
  await addToVocabulary('mr schmidt');
  expect(await getSetting('vocabulary')).toEqual(['Mr Schmidt']);
});

it('adds a name only where the vocabulary can hold it, and says why otherwise', async () => {
  expect(await addToVocabulary('x'.repeat(61))).toBe('too-long');
  expect(await addToVocabulary('Київ')).toBe('no-letters');
  const names = Array.from({ length: 500 }, (_, at) => `name${at}`);
  await setSetting('vocabulary', names);
  expect(await addToVocabulary('Schmidt')).toBe('too-many-entries');
  expect(await addToVocabulary('Name7')).toBeNull();
  expect(await getSetting('vocabulary')).toEqual(names);
});
