import { expect, it } from 'vitest';
import { newJob, withQueue } from '@/lib/server/queue/test-queues';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import * as drop from './[id]/drop/route';
import * as retry from './[id]/retry/route';
import * as work from './route';

it('lets the owner, and nobody else, retry a failed recording and give one up', async () => {
  await withServer();
  const queue = withQueue('database', 60_000);
  const owner = await signInAs(await makeUser({ role: 'owner' }));
  const member = await signInAs(await makeUser());
  const { id } = newJob(1);
  await queue.add([newJob(1)]);
  const error = { code: 'DECODE_FAILED' as const, message: 'This file cannot be read.' };
  const worker = { id: crypto.randomUUID(), name: 'gpu-1' };
  const job = await queue.lease(worker, 0, AbortSignal.timeout(5_000));
  await queue.fail(id, job?.lease ?? '', error, true);

  const act = async ({ POST }: typeof retry | typeof drop, { cookie }: typeof owner) => {
    const request = new Request(`http://localhost:3000/api/admin/work/${id}`, {
      method: 'POST',
      headers: { cookie, origin: 'http://localhost:3000' },
    });
    return (await POST(request, { params: Promise.resolve({ id }) })).status;
  };
  const overview = async ({ cookie }: typeof owner) => {
    const headers = { cookie };
    const answer = await work.GET(new Request('http://localhost:3000/api/admin/work', { headers }));
    return answer.json();
  };
  const failed = [{ id, state: 'failed', error }];
  expect(await overview(owner)).toMatchObject({ items: failed, stats: { failed: 1, waiting: 0 } });
  expect(await overview(member)).not.toHaveProperty('items');
  expect(await act(retry, member)).toBe(403);
  expect(await act(drop, member)).toBe(403);

  expect(await act(retry, owner)).toBe(204);
  const again = [{ id, state: 'waiting', error: null }];
  expect(await overview(owner)).toMatchObject({ items: again, stats: { failed: 0, waiting: 1 } });
  // it waits: there is nothing to retry
  expect(await act(retry, owner)).toBe(404);
  expect(await act(drop, owner)).toBe(204);
  expect(await overview(owner)).toMatchObject({ items: [], stats: { failed: 0, waiting: 0 } });
});

it('shows a recording whose worker has died as one that waits', async () => {
  await withServer();
  const { cookie } = await signInAs(await makeUser({ role: 'owner' }));
  const worker = { id: crypto.randomUUID(), name: 'gpu-1' };
  // the second one is silent until its lease is over
  for (const [number, leaseMs] of [60_000, 1].entries()) {
    const queue = withQueue('database', leaseMs);
    await queue.add([newJob(number)]);
    await queue.lease(worker, 0, AbortSignal.timeout(5_000));
  }
  const request = new Request('http://localhost:3000/api/admin/work', { headers: { cookie } });
  const { items, stats } = await (await work.GET(request)).json();
  const stateOf = (number: number) =>
    items.find(({ id }: { id: string }) => id === newJob(number).id)?.state;
  expect([stateOf(0), stateOf(1)]).toEqual(['leased', 'waiting']);
  expect(stats).toMatchObject({ leased: 1, waiting: 1 });
});
