import { expect, it } from 'vitest';
import { answerOf, post } from '@/lib/server/testing/request';
import { makeUser } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { POST } from './route';

const NOBODY = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

it('says which accounts no longer exist, to callers that have their ids, and nothing else', async () => {
  await withServer();
  const max = await makeUser();
  const response = await POST(post({ accounts: [max, NOBODY] }));
  expect(await response.json()).toEqual({ gone: [NOBODY] });
  expect(await (await POST(post({ accounts: [] }))).json()).toEqual({ gone: [] });
});

it('makes no database to say so where there are no accounts', async () => {
  await withServer({ database: 'none', env: { DATABASE_URL: '' } });
  const response = await POST(post({ accounts: [NOBODY] }));
  expect(await response.json()).toEqual({ gone: [NOBODY] });
});

it('refuses what is not a list of ids', async () => {
  await withServer();
  for (const accounts of [['x'], Array.from({ length: 51 }, () => NOBODY), 'all'])
    expect(await answerOf(await POST(post({ accounts })))).toMatchObject({ status: 400 });
});
