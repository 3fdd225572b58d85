import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { incoming } from './incoming';

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
  const keys: string[] = [];
  for await (const { key } of incoming().list()) keys.push(key);
  expect(keys.toSorted()).toEqual(['inbox/a.wav', 'inbox/deep/er/b.wav']);
});
