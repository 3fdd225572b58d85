import { open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fileStream } from './durable-files';

it('closes the file at once when nobody waits for it any more', async () => {
  const handle = await open('package.json', 'r');
  const stream = fileStream(handle, { start: 0, end: 10 }, AbortSignal.abort());
  await expect.poll(() => handle.fd).toBe(-1);
  await expect(new Response(stream).text()).rejects.toMatchObject({ code: 'ABORTED' });
});
