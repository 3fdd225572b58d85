import 'server-only';
import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
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

/** A request's cookies by name; one that is not written as it should be is left as it is. */
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

/** A `Set-Cookie` value with the flags that every cookie of ours has. Age 0 takes it away. */
export function cookieHeader(
  name: string,
  value: string,
  { path = '/', maxAgeS }: { path?: string; maxAgeS: number },
): string {
  const secure = cookiesAreSecure() ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
}

/** The claims in a request's session cookie; `null` when there is none or it is not ours. */
export async function readSessionCookie(request: Request): Promise<SessionClaims | null> {
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
