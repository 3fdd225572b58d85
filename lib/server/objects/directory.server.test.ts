import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { DirectoryStore } from './directory';

const bytes = (text: string) => new TextEncoder().encode(text);

let folder = '';

beforeEach(async () => {
  folder = join((await withServer()).dataDir, 'store');
});

test('takes a directory that cannot be read for an error, not for an empty one', async () => {
  await mkdir(folder);
  await writeFile(join(folder, 'objects'), 'a file where the folder should be');
  const store = new DirectoryStore(folder);
  await expect(store.get('key')).rejects.toMatchObject({ code: 'UNKNOWN' });
  await expect(store.put('key', bytes('x'))).rejects.toMatchObject({ code: 'UNKNOWN' });
  await expect(store.delete('key')).rejects.toMatchObject({ code: 'UNKNOWN' });
  const listing = store.list('')[Symbol.asyncIterator]().next();
  await expect(listing).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('leaves no draft behind, not even of what could not be written', async () => {
  const store = new DirectoryStore(folder);
  await store.put('key', bytes('x'));
  // a folder in the place of the object: it cannot be moved there
  await mkdir(join(folder, 'objects', 'other~'));
  await expect(store.put('other', bytes('x'))).rejects.toMatchObject({ code: 'UNKNOWN' });
  expect(await readdir(join(folder, 'drafts'))).toEqual([]);
});

test('removes the drafts of processes that were killed long ago, and no others', async () => {
  const drafts = join(folder, 'drafts');
  await mkdir(drafts, { recursive: true });
  for (const name of ['old', 'young']) await writeFile(join(drafts, name), 'half an object');
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1_000);
  await utimes(join(drafts, 'old'), longAgo, longAgo);
  await new DirectoryStore(folder).put('key', bytes('x'));
  expect(await readdir(drafts)).toEqual(['young']);
});

test('lists only what it wrote itself', async () => {
  const store = new DirectoryStore(folder);
  await store.put('key', bytes('x'));
  await writeFile(join(folder, 'objects', 'notes.txt'), 'somebody else’s');
  await symlink('/etc', join(folder, 'objects', 'link'));
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  expect(keys).toEqual(['key']);
});

test('leaves no empty folders behind', async () => {
  const store = new DirectoryStore(folder);
  for (const key of ['shares/a/document', 'shares/a/audio/0', 'shares/b'])
    await store.put(key, bytes('x'));
  await store.delete('shares/a/audio/0');
  expect(await readdir(join(folder, 'objects', 'shares', 'a'))).toEqual(['document~']);
  await store.delete('shares/a/document');
  expect(await readdir(join(folder, 'objects', 'shares'))).toEqual(['b~']);
  await store.delete('shares/b');
  await store.delete('shares/b');
  expect(await readdir(join(folder, 'objects'))).toEqual([]);
});

test('puts an object whose folder was removed meanwhile', async () => {
  const store = new DirectoryStore(folder);
  async function* source() {
    yield bytes('x');
    await store.delete('shares/a/other');
    expect(await readdir(join(folder, 'objects'))).toEqual([]);
  }
  await store.putStream('shares/a/document', source());
  expect((await store.get('shares/a/document'))?.sizeBytes).toBe(1);
  // however they meet
  const keys = Array.from({ length: 50 }, (_, at) => `shares/c/${at % 3}/${at}`);
  await Promise.all(
    keys.map(async (key) => {
      await store.put(key, bytes('x'));
      await store.delete(key);
    }),
  );
  expect(await readdir(join(folder, 'objects', 'shares'))).toEqual(['a']);
});
