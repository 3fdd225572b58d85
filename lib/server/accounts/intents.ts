import 'server-only';
import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import { intentSchema } from '@/lib/contracts';
import { sessionSecret } from '@/lib/server/process';
import { cookieHeader, cookiesAreSecure, readCookie } from './session-cookie';

/** Time to sign in at the provider, in seconds; the same as for its state and its code. */
const INTENT_MAX_AGE_S = 15 * 60;
/** Keeps it from being taken for a session, which is sealed without a salt. */
const SALT = 'ai2text.intent';
const PATH = '/api/auth';

/** An intent as it comes back: of which provider, and by whom it was begun. */
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
 * The `Set-Cookie` value that carries an intent to the provider's answer, in this browser only and
 * sealed; `null` takes an earlier one away, so that a plain sign-in never links.
 */
export async function intentCookie(begun: BegunIntent | null): Promise<string> {
  if (!begun) return cookieHeader(cookieName(), '', { path: PATH, maxAgeS: 0 });
  const secret = await sessionSecret();
  const value = await encode({ token: { ...begun }, secret, salt: SALT, maxAge: INTENT_MAX_AGE_S });
  return cookieHeader(cookieName(), value, { path: PATH, maxAgeS: INTENT_MAX_AGE_S });
}

/** What this browser's visit to the provider was for; `null`: only to sign in. */
export async function readIntent(request: Request, provider: string): Promise<BegunIntent | null> {
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
