import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { closeDatabase } from './db';
import { addJobs } from './jobs';
import {
  getPlaybackPosition,
  getTranscript,
  positionWorthKeeping,
  savePlaybackPosition,
  updateTranscript,
} from './transcripts';

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

describe('a stored playback position', () => {
  it('is not kept near the start or the end', () => {
    expect(positionWorthKeeping(83_000.4, 600_000)).toBe(83_000);
    expect(positionWorthKeeping(2_000, 600_000)).toBeNull();
    expect(positionWorthKeeping(590_000, 600_000)).toBeNull();
    // a memo is played from its start
    expect(positionWorthKeeping(8_000, 12_000)).toBeNull();
  });

  it('persists, and is cleared when the recording has been played to its end', async () => {
    const source = { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: 10, sha256: null };
    await addJobs([{ id: 'a', title: 'Talk', source, media: 'copying' }]);
    await updateTranscript('a', { durationMs: 600_000 });
    expect(await getPlaybackPosition('a')).toBeNull();
    await savePlaybackPosition('a', 83_000);
    await closeDatabase();
    expect(await getPlaybackPosition('a')).toBe(83_000);
    expect(await getTranscript('a')).toMatchObject({ title: 'Talk', durationMs: 600_000 });
    await savePlaybackPosition('a', 600_000);
    expect(await getPlaybackPosition('a')).toBeNull();
    // gone meanwhile
    await savePlaybackPosition('b', 83_000);
    expect(await getTranscript('b')).toBeNull();
  });
});
