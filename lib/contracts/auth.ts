import { z } from 'zod';
import { isText } from '@/lib/core';
import { ACCOUNT_LIMITS } from './account-rules';
import type { Endpoint } from './endpoint';

const text = (max: number) => z.string().max(max).refine(isText, 'Not a text').optional();

/**
 * What a visit to a provider is for, beside signing in: to add its account to the one that is signed
 * in (`link`), or to make an account by an invitation or as the owner.
 */
export const intentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link') }),
  z.object({ kind: z.literal('invite'), token: z.string().max(200) }),
  z.object({ kind: z.literal('setup'), token: z.string().max(200) }),
]);

/** What the app's own pages send to next-auth. */
export const authBodySchema = z.object({
  /** As `GET /api/auth/csrf` gave it. */
  csrfToken: text(200),
  /** Where to continue: a path of this server. */
  callbackUrl: text(2000),
  email: text(ACCOUNT_LIMITS.emailChars * 2),
  // counted in code points when it was set; a code point is up to two units, before normalisation more
  password: text(ACCOUNT_LIMITS.passwordMaxChars * 8),
  /** Of a visit to a provider: what it is for, beside signing in. */
  intent: intentSchema.optional(),
});

/** Somebody who is signed in. */
export const sessionUserSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'member']),
});

/** Who is signed in; empty for nobody. */
export const sessionSchema = z.object({
  user: sessionUserSchema.optional(),
  /** What links to this server begin with, where that is set. */
  address: z.url().nullish(),
  /** When the cookie runs out unless it is used. */
  expires: z.iso.datetime().optional(),
});

/** Where to continue. */
const wayOn = z.object({ url: z.string() });

const byProvider = z.object({ provider: z.string() });

/** next-auth: signing in and out. */
export const authApi = {
  session: {
    method: 'GET',
    path: '/api/auth/session',
    summary: 'Tells who is signed in.',
    session: 'open',
    answer: sessionSchema,
  },
  csrf: {
    method: 'GET',
    path: '/api/auth/csrf',
    summary: 'Gives the token that writes to next-auth have to bring.',
    session: 'open',
    answer: z.object({ csrfToken: z.string() }),
  },
  signIn: {
    method: 'POST',
    path: '/api/auth/callback/credentials',
    summary: 'Signs in with a password.',
    session: 'open',
    body: authBodySchema,
    answer: wayOn,
  },
  toProvider: {
    method: 'POST',
    path: '/api/auth/signin/{provider}',
    summary: 'Tells the way to a provider.',
    session: 'open',
    params: byProvider,
    body: authBodySchema,
    answer: wayOn,
  },
  fromProvider: {
    method: 'GET',
    path: '/api/auth/callback/{provider}',
    summary: 'Takes a provider’s answer, and leads back to the app.',
    session: 'open',
    params: byProvider,
    answer: 'text/html',
  },
  signOut: {
    method: 'POST',
    path: '/api/auth/signout',
    summary: 'Signs out.',
    session: 'open',
    body: authBodySchema,
    answer: wayOn,
  },
} as const satisfies Record<string, Endpoint>;

export type SessionUser = z.infer<typeof sessionUserSchema>;
export type ProviderIntent = z.infer<typeof intentSchema>;
