import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listOutbox, readPendingSummary } from './outbox';
import { contentsOf, putOldDatabase, removeAllLibraries } from './test-libraries';
import { getTranscript } from './transcripts';

const OWNER = '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10';

beforeEach(() => void vi.stubGlobal('navigator', {}));
afterEach(async () => {
  vi.unstubAllGlobals();
  await removeAllLibraries();
});

/** Stores languages as an earlier build did. */
async function putLanguages(languages: Record<string, string>, shows: boolean): Promise<void> {
  await putOldDatabase(
    Object.keys(languages).map((id) => ({ id, title: id })),
    { sync: { owner: OWNER, signedIn: true, revision: 3, shows: { [OWNER]: shows } } },
  );
  const db = await openDB('ai2text');
  for (const [id, language] of Object.entries(languages)) {
    const record = await db.get('transcripts', id);
    const secondPass = { modelId: 'base', untilMs: 1, language, stopped: null };
    await db.put('transcripts', { ...record, language, secondPass });
  }
  db.close();
}

it('takes a list of languages for a language that is not known, and sends the transcript again', async () => {
  await putLanguages({ a: 'en,de', b: 'de-CH' }, true);
  const before = Date.now();
  expect(await getTranscript('a')).toMatchObject({
    language: 'und',
    secondPass: { language: null, modelId: 'base' },
  });
  expect(await getTranscript('b')).toMatchObject({
    language: 'de-CH',
    secondPass: { language: 'de-CH' },
  });
  expect(await listOutbox()).toEqual([{ transcriptId: 'a', deletedAt: null }]);
  const summary = await readPendingSummary('a');
  expect(summary?.language).toBe('und');
  // it is newer than what the server may have had before
  expect(summary?.fieldTimes.language).toBeGreaterThanOrEqual(before);
});

it('sends nothing of what is not shown on other devices', async () => {
  await putLanguages({ a: 'en,de' }, false);
  expect((await getTranscript('a'))?.language).toBe('und');
  expect((await contentsOf(null)).outbox).toEqual([]);
});
