import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, expect, it } from 'vitest';
import { type Change, onChange } from './changes';
import { closeDatabase } from './db';
import { listShareLinks, putShareLink, removeShareLink } from './share-links';

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

const link = (id: string) => ({ id, transcriptId: 't1', secret: 'secret', hasPassword: false });

it('keeps links until they are removed, and announces both changes', async () => {
  const changes: Change[] = [];
  const stop = onChange((change) => changes.push(change));
  await putShareLink(link('a'));
  await putShareLink(link('b'));
  expect(await listShareLinks()).toEqual([link('a'), link('b')]);
  await removeShareLink('a', 't1');
  await removeShareLink('never there', 't1');
  expect(await listShareLinks()).toEqual([link('b')]);
  stop();
  expect(changes).toEqual(Array.from({ length: 4 }, () => ({ kind: 'share-links', id: 't1' })));
});
