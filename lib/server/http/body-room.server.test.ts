import { expect, it } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { route } from './route';

it('holds no more raw bodies at a time than the memory has room for', async () => {
  await withServer({ database: 'none' });
  const ends: (() => void)[] = [];
  const takes = route({
    name: 'it.takes-bodies',
    session: 'open',
    limit: { max: 1_000, windowS: 60, isLocal: true },
    rawBody: true,
    async handle({ bytes }) {
      await bytes(100 * 2 ** 20);
      await new Promise<void>((resolve) => ends.push(resolve));
      return null;
    },
  });
  const send = (headers: Record<string, string> = {}) =>
    takes(new Request('http://localhost:3000/', { method: 'POST', body: 'abc', headers }));
  const held = [send(), send()];
  await expect.poll(() => ends.length).toBe(2);
  const refused = await send();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  // who says that little comes needs no more room than that
  held.push(send({ 'content-length': '3' }));
  await expect.poll(() => ends.length).toBe(3);
  ends[0]?.();
  expect((await held[0])?.status).toBe(204);
  held.push(send());
  await expect.poll(() => ends.length).toBe(4);
  for (const end of ends) end();
  for (const answer of held) expect((await answer).status).toBe(204);
});
