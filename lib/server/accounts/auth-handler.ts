import 'server-only';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { z } from 'zod';
import type { authBodySchema } from '@/lib/contracts';
import { AppError, safePath } from '@/lib/core';
import { serverEnv } from '@/lib/server/process';
import { intentCookie } from './intents';
import { type AuthEvents, type AuthRequest, authOptions } from './next-auth';
import { listProviders } from './providers';
import { cookieHeader, readCookie, sessionCookieName } from './session-cookie';

interface Call extends AuthRequest {
  path: string[];
}

function unknownAddress(): AppError {
  return new AppError('NOT_FOUND', 'There is nothing at this address.');
}

function isProvider(id: string | undefined): boolean {
  return listProviders().some((provider) => provider.id === id);
}

/**
 * next-auth's answers to reading: who is signed in, a token for the next write, and a provider's
 * answer, which a browser comes back with. Nothing else of it can be reached.
 */
export async function readAuth(call: Call): Promise<Response> {
  const [action, id] = call.path;
  if (action === 'session' && !call.session) return nobody(call.request);
  if (action === 'callback' ? !isProvider(id) : action !== 'session' && action !== 'csrf')
    throw unknownAddress();
  const events: AuthEvents = { failure: null };
  const answer = await ask(call, events);
  if (action !== 'callback') {
    if (events.failure) throw events.failure;
    return answer;
  }
  const target = answer.headers.get('location') ?? '';
  // a browser waits here, which shows pages and not JSON
  if (events.failure) answer.headers.set('location', '/sign-in?error=busy');
  else if (target.includes('/api/auth/')) answer.headers.set('location', '/sign-in?error=provider');
  answer.headers.append('set-cookie', await intentCookie(null));
  return answer;
}

/** Nobody is signed in; a cookie that no longer counts is taken away. */
function nobody(request: Request): Response {
  const name = sessionCookieName();
  const headers = new Headers();
  if (readCookie(request, name) !== null)
    headers.append('set-cookie', cookieHeader(name, '', { maxAgeS: 0 }));
  return Response.json({}, { headers });
}

/**
 * Signing in and out, and the way to a provider. @returns where to continue
 * @throws UNAUTHENTICATED for a wrong address or password, whichever it is; FORBIDDEN without the token
 * that the page was given; RATE_LIMITED; SERVER_BUSY, also when a provider does not answer
 */
export async function writeAuth(
  call: Call,
  body: z.infer<typeof authBodySchema>,
): Promise<Response> {
  const [action, id] = call.path;
  const toProvider = action === 'signin' && isProvider(id);
  if (!toProvider && action !== 'signout' && !(action === 'callback' && id === 'credentials'))
    throw unknownAddress();
  const { intent, callbackUrl, ...rest } = body;
  if (intent?.kind === 'link' && !call.session)
    throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  const events: AuthEvents = { failure: null };
  // a path is always given: the default would be an address that another request left in a cookie
  const sent = { ...rest, callbackUrl: safePath(callbackUrl), json: 'true' };
  const answer = await ask(call, events, sent);
  if (events.failure) throw events.failure;
  refuse(new URL(z.object({ url: z.url() }).parse(await answer.clone().json()).url));
  if (toProvider) {
    const userId = call.session?.user.id ?? null;
    const begun = intent && id ? { provider: id, userId, intent } : null;
    answer.headers.append('set-cookie', await intentCookie(begun));
  }
  return answer;
}

/** next-auth reports failures in the redirect's address. */
function refuse({ pathname, searchParams }: URL): void {
  if (!pathname.startsWith('/api/auth/')) return;
  if (searchParams.has('csrf'))
    throw new AppError('FORBIDDEN', 'The page is too old. Load it again.');
  if (searchParams.get('error') === 'CredentialsSignin')
    throw new AppError('UNAUTHENTICATED', 'The email or the password is wrong.');
  throw new AppError('SERVER_BUSY', 'The sign-in provider does not answer.');
}

/** Asks next-auth by its handler for routes, which takes cookies from the request that is being answered. */
async function ask(
  { path, ...from }: Call,
  events: AuthEvents,
  body?: Record<string, unknown>,
): Promise<Response> {
  const { url } = from.request;
  const request =
    body === undefined
      ? new NextRequest(url)
      : new NextRequest(url.replace(/[?#].*$/s, ''), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
  // with this variable it believes no header about the server's own address
  process.env.NEXTAUTH_URL = serverEnv().publicUrl;
  return NextAuth(request, { params: { nextauth: path } }, await authOptions(from, events));
}
