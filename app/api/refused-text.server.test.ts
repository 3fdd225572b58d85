import { beforeEach, describe, expect, it } from 'vitest';
import { PUT } from '@/app/api/transcripts/[id]/route';
import { newId } from '@/lib/core/ids';
import { setupToken } from '@/lib/server/accounts/account-links';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { POST as accept } from './invitations/accept/route';
import { POST as invite } from './invitations/route';
import { POST as setUp } from './setup/route';

/** What no line holds that others read. */
const REFUSED = {
  NUL: '\0',
  'a control character': '\u001b',
  'an override of direction': '\u202e',
  'an isolate': '\u2067',
  'half of a character': '\ud83d',
};

const ADA = { name: 'Ada', email: 'ada@example.org', password: TEST_PASSWORD };
const times = { title: 1, language: 1, durationMs: 1, wordCount: 1, tags: 1, deleted: 1 };
const summary = {
  title: 'A talk',
  language: 'en',
  durationMs: 1,
  wordCount: 1,
  tags: ['work'],
  createdAt: '2026-01-01T00:00:00.000Z',
  fieldTimes: times,
};

let owner: Browser;

beforeEach(async () => {
  await withServer();
  owner = new Browser();
  await owner.enterAs(await makeUser({ role: 'owner' }));
});

/** Every way by which a line comes in that the server stores or shows. */
const WAYS: Record<string, (odd: string) => Promise<Response>> = {
  async 'the name of an account'(odd) {
    return acceptAs({ ...ADA, name: `Ada${odd}x` });
  },
  async 'the address of an account'(odd) {
    return acceptAs({ ...ADA, email: `ada${odd}x@example.org` });
  },
  async 'the name of the owner'(odd) {
    const body = { token: await setupToken(), account: { ...ADA, name: `Ada${odd}x` } };
    return new Browser().call(setUp, '/api/setup', json(body));
  },
  'the note of an invitation': (odd) =>
    owner.call(invite, '/api/invitations', json({ note: `For ${odd}x` })),
  'a title': (odd) => put({ ...summary, title: `A${odd}talk` }),
  'a tag': (odd) => put({ ...summary, tags: [`wo${odd}rk`] }),
};

async function acceptAs(account: object): Promise<Response> {
  const { token } = await (await owner.call(invite, '/api/invitations', json({ note: '' }))).json();
  return new Browser().call(accept, '/api/invitations/accept', json({ token, account }));
}

function put(body: object): Promise<Response> {
  const id = newId();
  return owner.call(PUT, `/api/transcripts/${id}`, json(body, 'PUT'), { id });
}

describe.each(Object.entries(WAYS))('%s', (_name, send) => {
  it.each(Object.entries(REFUSED))(
    'with %s is refused as a mistake of the sender',
    async (_what, odd) => {
      const answer = await send(odd);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'BAD_REQUEST' });
    },
  );

  it('is taken in any script', async () => {
    const answer = await send('ü');
    // the test's own user is the owner: the set-up comes too late, and not with a bad request
    expect([200, 204, 409]).toContain(answer.status);
  });
});

it('refuses an address that no text can be, also where nothing is stored', async () => {
  for (const odd of ['\0', '\ud83d'])
    expect((await new Browser().signIn(`ada${odd}@example.org`, TEST_PASSWORD)).status).toBe(400);
});
