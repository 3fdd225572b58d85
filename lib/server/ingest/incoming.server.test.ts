import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { type Incoming, incoming } from './incoming';

async function keysOf(place: Incoming): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of place.list()) keys.push(key);
  return keys.toSorted();
}

/** Tests may run as root, who can read every folder. */
function lockFolders(name: string): void {
  const { readdir } = promises;
  const spy = vi
    .spyOn(promises, 'readdir')
    .mockImplementation(((path: string, options?: object) =>
      path.endsWith(name) || (options && 'recursive' in options)
        ? Promise.reject(Object.assign(new Error('No access.'), { code: 'EACCES' }))
        : readdir(path)) as never);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
}

it('lists what lies beside folders that cannot be read and links that lead back', async ({
  skip,
}) => {
  if (inject('serverBackends').kind !== 'embedded') skip('There is a bucket instead of a folder.');
  const { dataDir } = await withServer();
  const inbox = join(dataDir, 'inbox');
  for (const path of ['a.wav', 'deep/er/b.wav', 'locked/c.wav']) {
    mkdirSync(join(inbox, path, '..'), { recursive: true });
    writeFileSync(join(inbox, path), 'RIFF');
    utimesSync(join(inbox, path), 1_000, 1_000);
  }
  symlinkSync('itself.wav', join(inbox, 'itself.wav'));
  symlinkSync('..', join(inbox, 'deep', 'back'));
  lockFolders('locked');
  expect(await keysOf(incoming())).toEqual(['inbox/a.wav', 'inbox/deep/er/b.wav']);
});

it('asks a bucket for nothing by keys whose dots lead out of the inbox', async () => {
  const asked: string[] = [];
  const listing = `<ListBucketResult>${['../dataset/clips/a', './b', 'c']
    .map(
      (name) =>
        `<Contents><Key>inbox/${name}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"e"</ETag><Size>4</Size></Contents>`,
    )
    .join('')}<IsTruncated>false</IsTruncated></ListBucketResult>`;
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    if (request.url?.includes('?')) answer.end(listing);
    else answer.writeHead(206, { etag: '"e"', 'content-range': 'bytes 0-0/4' }).end('R');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await withServer({
    env: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: 'bucket',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'secret',
    },
  });
  const bucket = incoming();
  for (const key of ['inbox/../dataset/clips/a', 'inbox/../../other/a', 'inbox/./a', 'inbox/..'])
    expect(await bucket.look(key)).toBeNull();
  expect(asked).toEqual([]);
  const file = { key: 'inbox/../dataset/clips/a', etag: 'e' };
  const read = bucket.read(file, { start: 0, end: 1 });
  await expect(read).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect((await bucket.look('inbox/c..wav'))?.sizeBytes).toBe(4);
  expect(await keysOf(bucket)).toEqual(['inbox/c']);
});
