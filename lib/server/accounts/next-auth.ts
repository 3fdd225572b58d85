import 'server-only';
import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { safePath } from '@/lib/core';
import { database } from '@/lib/server/db';
import { log, publicAddress, sessionSecret } from '@/lib/server/process';
import { signInWithProvider } from './identities';
import { readIntent } from './intents';
import { checkPassword } from './passwords';
import { oauthProviders } from './providers';
import { cookiesAreSecure, SESSION_MAX_AGE_S, type SessionClaims } from './session-cookie';
import type { CurrentSession } from './sessions';
import { deviceOf, endSession, replaceSession } from './sessions';

/** What a request to next-auth comes from. */
export interface AuthRequest {
  request: Request;
  session: CurrentSession | null;
  address: string;
}

/** What happened inside next-auth, which turns every failure into a redirect. */
export interface AuthEvents {
  failure: unknown;
}

/** The messages of openid-client end with the values that differ. */
const DIFFERING_VALUES = /,? (expected|got:? ).*/s;

function logProblem(code: string, metadata: unknown): void {
  const holder = metadata as { error?: unknown } | undefined; // an error, or an object with one
  const error = holder?.error ?? holder;
  const message = error instanceof Error ? error.message.replace(DIFFERING_VALUES, '') : null;
  log('warn', 'auth.problem', { code, message });
}

/** Where next-auth sends a browser whose sign-in was refused. */
function refusalPath(kind: string | undefined, reason: string): string {
  return `${kind === 'link' ? '/settings' : '/sign-in'}?error=${reason}`;
}

/**
 * next-auth's options for one request. There is no adapter: passwords need its JWT sessions, and what
 * counts is our own row of `sessions`, whose id the token carries. The database is opened when a
 * callback needs it, not before.
 */
export async function authOptions(
  { request, session, address }: AuthRequest,
  events: AuthEvents,
): Promise<NextAuthOptions> {
  const device = deviceOf(request);
  let claims: SessionClaims | null = null;

  /** Keeps a failure: next-auth would put its message into an address. */
  const keep = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      events.failure ??= error;
      throw error;
    }
  };

  const password = Credentials({
    credentials: { email: {}, password: {} },
    authorize: (given) =>
      keep(async () => {
        const id = await checkPassword(given?.email ?? '', given?.password ?? '', address);
        if (id === null) return null;
        claims = await replaceSession(session, id, device);
        return { id };
      }),
  });

  return {
    secret: await sessionSecret(),
    useSecureCookies: cookiesAreSecure(),
    session: { strategy: 'jwt', maxAge: SESSION_MAX_AGE_S },
    pages: { signIn: '/sign-in', signOut: '/settings', error: '/sign-in' },
    providers: [password, ...oauthProviders()],
    logger: { error: logProblem, warn: (code) => logProblem(code, undefined) },
    callbacks: {
      redirect: ({ url, baseUrl }) => `${baseUrl}${safePath(url, '/', baseUrl)}`,
      signIn: ({ user, account }) =>
        keep(async () => {
          if (account?.type !== 'oauth') return true;
          const { provider, providerAccountId: subject } = account;
          const begun = await readIntent(request, provider);
          const { email = null, name = null } = user;
          const outcome = await signInWithProvider(
            { provider, subject, email, name },
            begun,
            session,
            device,
          );
          if ('refused' in outcome) return refusalPath(begun?.intent.kind, outcome.refused);
          claims = outcome.claims;
          return true;
        }),
      // the row was looked up before next-auth was asked
      jwt: async ({ token }) => ({ ...(claims ?? { sub: token.sub ?? '', sid: token.sid }) }),
      session: ({ session: { expires } }) => ({
        ...(session && { user: session.user, address: publicAddress() }),
        expires,
      }),
    },
    events: {
      signOut: () =>
        keep(async () => {
          if (!session) return;
          const { db } = await database();
          await endSession(db, session.user.id, session.sessionId);
        }),
    },
  };
}
