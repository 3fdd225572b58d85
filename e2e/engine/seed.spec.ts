import { DATABASE_VERSION } from '../../lib/client/store/schema';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { readSeed, readWork, type Work, writeSeed } from '../fixtures/work';

/** Fields and kinds of values of all rows: what the app reads again, without what differs by the hour. */
function shape({ rows }: Work): Record<string, string[]> {
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

const wordsOf = ({ rows }: Work) =>
  rows.flatMap(([store, row]) => (store === 'words' ? (row.words as { text: string }[]) : []));

// most tests of pages begin with stored transcripts; `UPDATE_SEED=1` makes them anew
for (const file of ['speech.flac', 'second.mp3'])
  test(`${file} is stored as the tests of pages have it`, async ({ home, page }) => {
    await home.open();
    await home.add(audio(file));
    await expect(home.link(file.replace(/\.\w+$/, ''))).toBeVisible();
    await expect.poll(async () => (await readTranscripts(page))[0]?.media).toBe('kept');
    const work = await readWork(page);
    expect(wordsOf(work).length).toBeGreaterThan(5);
    if (process.env.UPDATE_SEED) writeSeed(file, work);
    const seed = readSeed(file);
    expect(seed.databaseVersion).toBe(DATABASE_VERSION);
    expect(shape(seed)).toEqual(shape(work));
    expect(wordsOf(seed).map(({ text }) => text)).toEqual(wordsOf(work).map(({ text }) => text));
  });
