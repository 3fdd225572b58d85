import { afterEach, expect, test, vi } from 'vitest';
import { createInvitation, createResetLink } from '@/app/_features/account/account';
import { fetchSession } from '@/app/_features/account/session';
import { notePublicAddress, publicOrigin } from './server-call';

const USER = {
  id: '00000000-0000-4000-8000-000000000001',
  email: 'ada@example.org',
  name: 'Ada',
  role: 'owner',
};

const INVITATION = {
  id: '00000000-0000-4000-8000-000000000002',
  note: '',
  createdAt: '2026-11-01T10:00:00.000Z',
  expiresAt: '2026-11-08T10:00:00.000Z',
};

/** A browser at an address of its own, whose server answers this. */
function at(origin: string, answer: object): void {
  vi.stubGlobal('window', { location: { origin } });
  vi.stubGlobal('fetch', async () => Response.json(answer));
}

afterEach(() => {
  notePublicAddress(null);
  vi.unstubAllGlobals();
});

test('links begin with the address that the server was given, wherever its owner signed in', async () => {
  at('http://192.0.2.7:3000', { user: USER, address: 'https://ai2text.example.org' });
  expect(await fetchSession()).toEqual({ user: USER });
  expect(publicOrigin()).toBe('https://ai2text.example.org');
  at('http://192.0.2.7:3000', { ...INVITATION, token: 'secret' });
  expect(await createInvitation('')).toBe('https://ai2text.example.org/invite#secret');
  expect(await createResetLink(USER.id)).toBe('https://ai2text.example.org/reset#secret');
});

test('where none is configured, they begin with the address in the bar', async () => {
  at('http://192.0.2.7:3000', { user: USER, address: null });
  await fetchSession();
  expect(publicOrigin()).toBe('http://192.0.2.7:3000');
});
