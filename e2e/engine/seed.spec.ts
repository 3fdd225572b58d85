import { DATABASE_VERSION } from '../../lib/client/store/schema';
import { audio } from '../fixtures/files';
import {
  readSeed,
  readTranscriptRows,
  type TranscriptRows,
  writeSeed,
} from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/** Fields and kinds of values of all rows: what the app reads again, without what differs by the hour. */
function shape({ rows }: TranscriptRows): Record<string, string[]> {
  const fields: Record<string, Set<string>> = {};
  for (const [store, row] of rows) {
    fields[store] ??= new Set();
    for (const [name, value] of Object.entries(row))
      fields[store].add(`${name}: ${value === null ? 'null' : typeof value}`);
  }
  return Object.fromEntries(
    Object.entries(fields).map(([store, names]) => [store, [...names].sort()]),
  );
}

const wordsOf = ({ rows }: TranscriptRows) =>
  rows.flatMap(([store, row]) => (store === 'words' ? (row.words as { text: string }[]) : []));

// most tests of pages begin with stored transcripts; `UPDATE_SEED=1` makes them again
for (const file of ['speech.flac', 'second.mp3'])
  test(`${file} is stored in the form of the committed seed`, async ({ home, page }) => {
    await home.open();
    await home.add(audio(file));
    await expect(home.link(file.replace(/\.\w+$/, ''))).toBeVisible();
    await expect.poll(async () => (await readTranscripts(page))[0]?.media).toBe('kept');
    const stored = await readTranscriptRows(page);
    expect(wordsOf(stored).length).toBeGreaterThan(5);
    if (process.env.UPDATE_SEED) writeSeed(file, stored);
    const seed = readSeed(file);
    expect(seed.databaseVersion).toBe(DATABASE_VERSION);
    expect(shape(seed)).toEqual(shape(stored));
    expect(wordsOf(seed).map(({ text }) => text)).toEqual(wordsOf(stored).map(({ text }) => text));
  });
