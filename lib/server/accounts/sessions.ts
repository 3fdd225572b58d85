import 'server-only';
import { and, desc, eq, gt, lt, ne, sql } from 'drizzle-orm';
import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import { plainText } from '@/lib/core';
import { type Db, database, databaseExists, sessions, type Tx, users } from '@/lib/server/db';
import { serverEnv, sessionSecret } from '@/lib/server/process';

/** How long a sign-in lasts when the device is not used, in seconds: every use starts it again. */
export const SESSION_MAX_AGE_S = 30 * 24 * 60 * 60;

/** What a session's cookie carries: whose and which. Everything else is looked up. */
export interface SessionClaims {
  /** The user's id. */
  sub: string;
  /** The row in `sessions`: without it the cookie is worth nothing. */
  sid: string;
}

const claims = z.object({ sub: z.uuid(), sid: z.uuid() });

/** Whether cookies may travel over TLS only: whether the public address is an https one. */
export function cookiesAreSecure(): boolean {
  return serverEnv().publicUrl.startsWith('https://');
}

/** The name next-auth gives the session's cookie. */
export function sessionCookieName(): string {
  return `${cookiesAreSecure() ? '__Secure-' : ''}next-auth.session-token`;
}

/** A request's cookies by name; a value that cannot be decoded is left as it is. */
export function readCookies(request: Request): Record<string, string> {
  const cookies = new Map<string, string>();
  for (const part of request.headers.get('cookie')?.split(';') ?? []) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    if (name === '' || cookies.has(name)) continue;
    const value = part.slice(at + 1).trim();
    try {
      cookies.set(name, decodeURIComponent(value));
    } catch {
      cookies.set(name, value); // a lone percent sign, which is none of ours
    }
  }
  return Object.fromEntries(cookies);
}

/** The value of a request's cookie, or `null`. */
export function readCookie(request: Request, name: string): string | null {
  const cookies = readCookies(request);
  return Object.hasOwn(cookies, name) ? (cookies[name] ?? null) : null;
}

/** A `Set-Cookie` value with the flags of all our cookies. Age 0 deletes the cookie. */
export function cookieHeader(
  name: string,
  value: string,
  { path = '/', maxAgeS }: { path?: string; maxAgeS: number },
): string {
  const secure = cookiesAreSecure() ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
}

/** The claims in a request's session cookie; `null` when there is none or it is not ours. */
async function readSessionCookie(request: Request): Promise<SessionClaims | null> {
  const token = readCookie(request, sessionCookieName());
  if (!token) return null;
  const secret = await sessionSecret();
  try {
    return claims.parse(await decode({ token, secret }));
  } catch {
    return null; // forged, outdated, or sealed with an earlier secret: the same as none
  }
}

/** The sealed value of a session's cookie, as next-auth makes it. */
export async function sealSession({ sub, sid }: SessionClaims): Promise<string> {
  return encode({ token: { sub, sid }, secret: await sessionSecret(), maxAge: SESSION_MAX_AGE_S });
}

/** The `Set-Cookie` value that signs a browser in. */
export async function sessionCookie(session: SessionClaims): Promise<string> {
  return cookieHeader(sessionCookieName(), await sealSession(session), {
    maxAgeS: SESSION_MAX_AGE_S,
  });
}

/** The answer that signs a browser in: empty, with the session's cookie. */
export async function signedIn(claims: SessionClaims): Promise<Response> {
  return new Response(null, {
    status: 204,
    headers: { 'set-cookie': await sessionCookie(claims) },
  });
}

/** Characters of a browser's user agent that are stored. */
const DEVICE_CHARS = 256;
/** A session's last use is written at most this often. */
const TOUCH_EVERY_MS = 10 * 60 * 1000;

const ends = sql`now() + make_interval(secs => ${SESSION_MAX_AGE_S})`;

/** One device of a user, for their own list. */
export interface ListedSession {
  id: string;
  /** The browser's user agent. */
  device: string;
  createdAt: string;
  lastSeenAt: string;
}

/** The user agent of a request, truncated. */
export function deviceOf(request: Request): string {
  return plainText(request.headers.get('user-agent') ?? '').slice(0, DEVICE_CHARS);
}

/** Begins a session and clears away the user's ended ones. @returns its id */
export async function startSession(db: Db | Tx, userId: string, device: string): Promise<string> {
  await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), lt(sessions.expiresAt, sql`now()`)));
  const [row] = await db
    .insert(sessions)
    .values({ userId, device: device.slice(0, DEVICE_CHARS), expiresAt: ends })
    .returning({ id: sessions.id });
  if (!row) throw new Error('The database gave no id for a new session.');
  return row.id;
}

/** Signs a user in, and ends the session that this browser had before, if any. */
export async function replaceSession(
  before: CurrentSession | null,
  userId: string,
  device: string,
): Promise<SessionClaims> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    if (before) await endSession(tx, before.user.id, before.sessionId);
    return { sub: userId, sid: await startSession(tx, userId, device) };
  });
}

/** The user of a session that has not ended; notes that it was used. `null` for any other. */
export async function findSession(
  db: Db,
  userId: string,
  sessionId: string,
): Promise<SessionUser | null> {
  const [row] = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      lastSeenAt: sessions.lastSeenAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sessionId),
        eq(sessions.userId, userId),
        gt(sessions.expiresAt, sql`now()`),
      ),
    );
  if (!row) return null;
  const { lastSeenAt, ...user } = row;
  if (Date.now() - lastSeenAt.getTime() > TOUCH_EVERY_MS)
    await db
      .update(sessions)
      .set({ lastSeenAt: sql`now()`, expiresAt: ends })
      .where(eq(sessions.id, sessionId));
  return user;
}

/** A user's sessions that have not ended, last used first. */
export async function listSessions(db: Db, userId: string): Promise<ListedSession[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, sql`now()`)))
    .orderBy(desc(sessions.lastSeenAt));
  return rows.map(({ id, device, createdAt, lastSeenAt }) => ({
    id,
    device,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }));
}

/** Ends one session of a user. @returns whether there was one */
export async function endSession(db: Db | Tx, userId: string, sessionId: string): Promise<boolean> {
  const ended = await db
    .delete(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)))
    .returning({ id: sessions.id });
  return ended.length > 0;
}

/** Ends every session of a user but one; `null` ends all. */
export async function endOtherSessions(
  db: Db | Tx,
  userId: string,
  keptId: string | null,
): Promise<void> {
  const mine = eq(sessions.userId, userId);
  await db.delete(sessions).where(keptId === null ? mine : and(mine, ne(sessions.id, keptId)));
}

/** Removes the sessions that have run out. */
export async function sweepSessions(): Promise<void> {
  const { db } = await database();
  await db.delete(sessions).where(lt(sessions.expiresAt, sql`now()`));
}

/** Who is signed in. */
export interface SessionUser {
  id: string;
  email: string;
  name: string;
  role: 'owner' | 'member';
}

/** A valid session and its user. */
export interface CurrentSession {
  user: SessionUser;
  sessionId: string;
}

/**
 * The session of a request; `null` without one, or if it was ended or has expired. A request without our cookie
 * does not open the database: a single-user install never needs one.
 * @throws SERVER_BUSY when the database cannot be reached: that is not the same as signed out
 */
export async function currentSession(request: Request): Promise<CurrentSession | null> {
  const claims = await readSessionCookie(request);
  if (!claims || !databaseExists()) return null;
  const { db } = await database();
  const user = await findSession(db, claims.sub, claims.sid);
  return user && { user, sessionId: claims.sid };
}
