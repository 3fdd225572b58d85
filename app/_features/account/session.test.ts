import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchSession, lastKnownUser, onUserRemembered } from './session';

const ALICE = {
  id: '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10',
  email: 'alice@example.org',
  name: 'Alice',
  role: 'member' as const,
};
const KEY = 'ai2text:account';
const stored = new Map<string, string>();

/** What the server says of who is signed in; `before` happens while it is asked. */
function answers(body: object | null, before: () => void = () => undefined): void {
  vi.stubGlobal('fetch', async () => {
    before();
    if (body === null) throw new TypeError('Failed to fetch');
    return Response.json(body);
  });
}

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

it('stores who is signed in before it notifies listeners', async () => {
  answers({ user: ALICE });
  const seen: unknown[] = [];
  const unsubscribe = onUserRemembered(() => seen.push(lastKnownUser()));
  expect(await fetchSession()).toEqual({ user: ALICE });
  unsubscribe();
  await fetchSession();
  expect(seen).toEqual([ALICE]);
});

it('leaves no trace where nobody was ever signed in', async () => {
  answers({});
  expect(await fetchSession()).toBeNull();
  expect(stored.size).toBe(0);
});

it('is of who was signed in last without a connection', async () => {
  stored.set(KEY, JSON.stringify(ALICE));
  answers(null);
  expect(await fetchSession()).toEqual({ user: ALICE });
});

it('is nobody’s when the session was ended', async () => {
  stored.set(KEY, JSON.stringify(ALICE));
  answers({});
  expect(await fetchSession()).toBeNull();
  expect(stored.get(KEY)).toBe('null');
});

it('does not bring back who has signed out in another tab while the server was asked', async () => {
  stored.set(KEY, JSON.stringify(ALICE));
  answers({ user: ALICE }, () => stored.set(KEY, 'null'));
  await fetchSession();
  expect(lastKnownUser()).toBeNull();
});
