import 'server-only';
import { NextRequest } from 'next/server';
import NextAuth, { type NextAuthOptions } from 'next-auth';
import { decode, encode } from 'next-auth/jwt';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import { type authBodySchema, intentSchema } from '@/lib/contracts';
import { AppError, safePath } from '@/lib/core';
import { database } from '@/lib/server/db';
import { log, publicAddress, serverEnv, sessionSecret } from '@/lib/server/process';
import { listProviders, oauthProviders, signInWithProvider } from './identities';
import { checkPassword } from './passwords';
import {
  type CurrentSession,
  cookieHeader,
  cookiesAreSecure,
  deviceOf,
  endSession,
  readCookie,
  replaceSession,
  SESSION_MAX_AGE_S,
  type SessionClaims,
  sessionCookieName,
} from './sessions';

/** Time to sign in at the provider, in seconds; the same as for its state and its code. */
const INTENT_MAX_AGE_S = 15 * 60;
/** Keeps an intent from passing for a session, which is sealed without a salt. */
const SALT = 'ai2text.intent';
const PATH = '/api/auth';

/** An intent as it comes back, with its provider and the user who began it. */
const sealed = z.object({
  provider: z.string(),
  /** The user who began it; `null` for nobody. */
  userId: z.uuid().nullable(),
  intent: intentSchema,
});
export type BegunIntent = z.infer<typeof sealed>;

function cookieName(): string {
  return `${cookiesAreSecure() ? '__Secure-' : ''}ai2text.intent`;
}

/**
 * The `Set-Cookie` value that preserves an intent, sealed and in this browser only, until the provider's
 * callback; `null` clears an earlier one, so that a plain sign-in never links an account.
 */
async function intentCookie(begun: BegunIntent | null): Promise<string> {
  if (!begun) return cookieHeader(cookieName(), '', { path: PATH, maxAgeS: 0 });
  const secret = await sessionSecret();
  const value = await encode({ token: { ...begun }, secret, salt: SALT, maxAge: INTENT_MAX_AGE_S });
  return cookieHeader(cookieName(), value, { path: PATH, maxAgeS: INTENT_MAX_AGE_S });
}

/** Why this browser was sent to the provider; `null`: just to sign in. */
async function readIntent(request: Request, provider: string): Promise<BegunIntent | null> {
  const token = readCookie(request, cookieName());
  if (!token) return null;
  const secret = await sessionSecret();
  try {
    const begun = sealed.parse(await decode({ token, secret, salt: SALT }));
    return begun.provider === provider ? begun : null;
  } catch {
    return null; // forged or outdated: the same as none
  }
}

/** What a request to next-auth comes from. */
interface AuthRequest {
  request: Request;
  session: CurrentSession | null;
  address: string;
}

/** What happened inside next-auth, which turns every failure into a redirect. */
interface AuthEvents {
  failure: unknown;
}

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
 * The GET routes of next-auth: the session, a CSRF token, and the callback to which a provider sends the browser
 * back. No others can be reached.
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
  // the browser navigates here, so failures need a page, not JSON
  if (events.failure) answer.headers.set('location', '/sign-in?error=busy');
  else if (target.includes('/api/auth/')) answer.headers.set('location', '/sign-in?error=provider');
  answer.headers.append('set-cookie', await intentCookie(null));
  return answer;
}

/** Answers that nobody is signed in, and clears a cookie that is no longer valid. */
function nobody(request: Request): Response {
  const name = sessionCookieName();
  const headers = new Headers();
  if (readCookie(request, name) !== null)
    headers.append('set-cookie', cookieHeader(name, '', { maxAgeS: 0 }));
  return Response.json({}, { headers });
}

/**
 * Signs in or out, or starts a sign-in at a provider. @returns where to continue
 * @throws UNAUTHENTICATED for a wrong address or password, without saying which; FORBIDDEN without the page's
 * CSRF token; RATE_LIMITED; SERVER_BUSY, also when a provider does not answer
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
  // always given: next-auth would default to an address that another request left in a cookie
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

/** Throws the failure that next-auth reports in the address of its redirect. */
function refuse({ pathname, searchParams }: URL): void {
  if (!pathname.startsWith('/api/auth/')) return;
  if (searchParams.has('csrf'))
    throw new AppError('FORBIDDEN', 'The page is too old. Load it again.');
  if (searchParams.get('error') === 'CredentialsSignin')
    throw new AppError('UNAUTHENTICATED', 'The email or the password is wrong.');
  throw new AppError('SERVER_BUSY', 'The sign-in provider does not answer.');
}

/** Calls next-auth's route handler, which reads cookies from the current request. */
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
  // with this variable set, next-auth trusts no header for the server's own address
  process.env.NEXTAUTH_URL = serverEnv().publicUrl;
  return NextAuth(request, { params: { nextauth: path } }, await authOptions(from, events));
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
 * next-auth's options for one request. There is no adapter: passwords need JWT sessions, and what counts is our
 * own row in `sessions`, whose id the token carries. The database is opened only when a callback needs it.
 */
async function authOptions(
  { request, session, address }: AuthRequest,
  events: AuthEvents,
): Promise<NextAuthOptions> {
  const device = deviceOf(request);
  let claims: SessionClaims | null = null;

  /** Records a failure: next-auth would put its message into a redirect's address. */
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
      // the session's row was read before next-auth was called
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
