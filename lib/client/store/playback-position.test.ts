import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { closeDatabase } from './db';
import { addJobs } from './jobs';
import { getPlace, keepPlace, worthwhilePlace } from './playback-position';
import { getTranscript, updateTranscript } from './transcripts';

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

describe('a kept place', () => {
  it('is one that is worth coming back to', () => {
    expect(worthwhilePlace(83_000.4, 600_000)).toBe(83_000);
    expect(worthwhilePlace(2_000, 600_000)).toBeNull();
    expect(worthwhilePlace(590_000, 600_000)).toBeNull();
    // a memo is heard from its start
    expect(worthwhilePlace(8_000, 12_000)).toBeNull();
  });

  it('lasts, and goes when the recording was heard to its end', async () => {
    const source = { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: 10, sha256: null };
    await addJobs([{ id: 'a', title: 'Talk', source, media: 'copying' }]);
    await updateTranscript('a', { durationMs: 600_000 });
    expect(await getPlace('a')).toBeNull();
    await keepPlace('a', 83_000);
    await closeDatabase();
    expect(await getPlace('a')).toBe(83_000);
    expect(await getTranscript('a')).toMatchObject({ title: 'Talk', durationMs: 600_000 });
    await keepPlace('a', 600_000);
    expect(await getPlace('a')).toBeNull();
    // gone meanwhile
    await keepPlace('b', 83_000);
    expect(await getTranscript('b')).toBeNull();
  });
});
