import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { addJobs, getTranscript } from '@/lib/client/store';
import type { Speaker } from '@/lib/transcript';
import { createEditor } from './editor';

it('knows a speaker who was added, while the page has only read what was stored before', async () => {
  const source = { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null };
  await addJobs([{ id: 'a1', title: 'A', source, media: 'none' }]);
  let read: readonly Speaker[] = [];
  const editor = createEditor('a1', {
    rows: () => [],
    wordsOf: () => undefined,
    speakers: () => read,
    show: () => undefined,
  });
  const ada = { id: 's1', name: 'Ada' };
  const ben = { id: 's2', name: 'Ben' };

  editor.edit({ kind: 'speakers', speakers: [ada] });
  expect(editor.speakers()).toEqual([ada]);
  // read before the edit was stored, and shown after it was made
  read = [];
  editor.edit({ kind: 'speakers', speakers: [...editor.speakers(), ben] });
  expect(editor.speakers()).toEqual([ada, ben]);

  await editor.settled();
  expect((await getTranscript('a1'))?.speakers).toEqual([ada, ben]);
  // from here on it is what the page reads, which may come from another tab
  read = [ben];
  expect(editor.speakers()).toEqual([ben]);
});
