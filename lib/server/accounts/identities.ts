import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { NextAuthOptions } from 'next-auth';
import GitHub from 'next-auth/providers/github';
import Google from 'next-auth/providers/google';
import { ACCOUNT_LIMITS, isEmail, normaliseEmail } from '@/lib/contracts';
import { AppError, type ErrorCode, isAppError, plainText } from '@/lib/core';
import { type Db, database, identities, type Tx, users } from '@/lib/server/db';
import { serverEnv } from '@/lib/server/process';
import { acceptInvitation, setUpOwner } from './account-links';
import type { BegunIntent } from './auth-handler';
import { type CurrentSession, replaceSession, type SessionClaims } from './sessions';

/** Every call to a provider is given up after this long, in ms. */
const HTTP_OPTIONS = { timeout: 8000 } as const;

/** A provider that the owner of this server has set up. */
export interface SignInProvider {
  id: 'oidc' | 'github' | 'google';
  /** As it stands on its button. */
  name: string;
}

/** The providers whose variables are set, in the order of their buttons. */
export function listProviders(): SignInProvider[] {
  const { oidc, github, google } = serverEnv();
  return [
    ...(oidc ? [{ id: 'oidc', name: new URL(oidc.issuer).host } as const] : []),
    ...(github ? [{ id: 'github', name: 'GitHub' } as const] : []),
    ...(google ? [{ id: 'google', name: 'Google' } as const] : []),
  ];
}

/** The same ones as next-auth takes them. Each answer is bound to this browser by all its checks. */
export function oauthProviders(): NextAuthOptions['providers'] {
  const { oidc, github, google } = serverEnv();
  const providers: NextAuthOptions['providers'] = [];
  if (oidc)
    providers.push({
      id: 'oidc',
      name: new URL(oidc.issuer).host,
      type: 'oauth',
      wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      authorization: { params: { scope: 'openid email profile' } },
      // many providers give name and address only here. These are the tokens that came with the id token,
      // whose subject must match; next-auth's type is too loose.
      userinfo: {
        request: ({ client, tokens }) =>
          client.userinfo(tokens as Parameters<typeof client.userinfo>[0]),
      },
      httpOptions: HTTP_OPTIONS,
      profile: ({ sub, email, name }: Record<string, string | undefined>) => ({
        id: sub ?? '',
        email: email ?? null,
        name: name ?? null,
      }),
    });
  if (github)
    providers.push(GitHub({ ...github, checks: ['pkce', 'state'], httpOptions: HTTP_OPTIONS }));
  if (google)
    providers.push(
      Google({ ...google, checks: ['pkce', 'state', 'nonce'], httpOptions: HTTP_OPTIONS }),
    );
  return providers;
}

/** An account at a provider, as vouched for by that provider. */
export interface ProviderProfile {
  provider: string;
  subject: string;
  email: string | null;
  name: string | null;
}

/** Why a provider's account does not sign in. The pages have a sentence for each. */
export type Refusal =
  | 'not-linked'
  | 'linked-elsewhere'
  | 'session-ended'
  | 'no-email'
  | 'email-taken'
  | 'invitation-gone'
  | 'setup-gone'
  | 'setup-done';

export type ProviderOutcome = { claims: SessionClaims } | { refused: Refusal };

async function ownerOf(db: Db, { provider, subject }: ProviderProfile): Promise<string | null> {
  const [row] = await db
    .select({ userId: identities.userId })
    .from(identities)
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  return row?.userId ?? null;
}

/** Links a provider's account to a user. @returns false if another user has linked it meanwhile */
async function link(tx: Tx, { provider, subject }: ProviderProfile, userId: string) {
  const added = await tx
    .insert(identities)
    .values({ provider, subject, userId })
    .onConflictDoNothing()
    .returning({ userId: identities.userId });
  return added.length > 0;
}

/**
 * Signs in with an account at a provider. The account must be linked to a user: by an invitation or the
 * set-up link that was opened in this browser, or by the user in the settings. A matching email address is
 * never enough, verified or not: the provider's operator could then open every account here. So an account
 * that is not linked is refused in the same way whether its address is known here or not.
 */
export async function signInWithProvider(
  profile: ProviderProfile,
  begun: BegunIntent | null,
  session: CurrentSession | null,
  device: string,
): Promise<ProviderOutcome> {
  const { db } = await database();
  const linkedTo = await ownerOf(db, profile);
  if (!begun) {
    if (!linkedTo) return { refused: 'not-linked' };
    return { claims: await replaceSession(session, linkedTo, device) };
  }
  if (begun.intent.kind === 'link')
    return linkToUser(profile, linkedTo, begun.userId, session, device);
  if (linkedTo) return { refused: 'linked-elsewhere' };
  return makeAccount(profile, begun.intent, device);
}

async function linkToUser(
  profile: ProviderProfile,
  linkedTo: string | null,
  userId: string | null,
  session: CurrentSession | null,
  device: string,
): Promise<ProviderOutcome> {
  // the user who began it must still be signed in
  if (!session || session.user.id !== userId) return { refused: 'session-ended' };
  if (linkedTo && linkedTo !== userId) return { refused: 'linked-elsewhere' };
  const { transaction } = await database();
  if (!linkedTo && !(await transaction((tx) => link(tx, profile, userId))))
    return { refused: 'linked-elsewhere' };
  return { claims: await replaceSession(session, userId, device) };
}

const REFUSALS: Record<'invite' | 'setup', Partial<Record<ErrorCode, Refusal>>> = {
  invite: { NOT_FOUND: 'invitation-gone', SYNC_CONFLICT: 'email-taken' },
  setup: { FORBIDDEN: 'setup-gone', NOT_FOUND: 'setup-gone', SYNC_CONFLICT: 'setup-done' },
};

async function makeAccount(
  profile: ProviderProfile,
  { kind, token }: { kind: 'invite' | 'setup'; token: string },
  device: string,
): Promise<ProviderOutcome> {
  const email = normaliseEmail(profile.email ?? '');
  if (!isEmail(email)) return { refused: 'no-email' };
  const make = kind === 'invite' ? acceptInvitation : setUpOwner;
  // the name comes from the provider, so the user cannot correct it here: it is cleaned, not refused
  const name = plainText(profile.name ?? '')
    .trim()
    .slice(0, ACCOUNT_LIMITS.nameChars);
  const account = { email, name: name || email, passwordHash: null };
  try {
    const claims = await make(token, account, device, async (tx, userId) => {
      if (!(await link(tx, profile, userId)))
        throw new AppError('SERVER_BUSY', 'The same account was linked at the same moment.');
    });
    return { claims };
  } catch (error) {
    const refused = isAppError(error) ? REFUSALS[kind][error.code] : undefined;
    if (!refused) throw error;
    return { refused };
  }
}

/** Which providers sign a user in, and whether a password does. */
export async function signInMethods(
  db: Db | Tx,
  userId: string,
): Promise<{ hasPassword: boolean; linked: string[] }> {
  const [user] = await db
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId));
  const rows = await db
    .selectDistinct({ provider: identities.provider })
    .from(identities)
    .where(eq(identities.userId, userId))
    .orderBy(identities.provider);
  return {
    hasPassword: user ? user.passwordHash !== null : false,
    linked: rows.map(({ provider }) => provider),
  };
}

/**
 * Unlinks a provider's account from a user.
 * @throws NOT_FOUND when it was not linked; SYNC_CONFLICT when the user would have no other way to sign in
 */
export async function unlink(userId: string, provider: string): Promise<void> {
  const { transaction } = await database();
  await transaction(async (tx) => {
    // locked: two concurrent calls must not each rely on the account that the other unlinks
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
    const { hasPassword, linked } = await signInMethods(tx, userId);
    if (!linked.includes(provider))
      throw new AppError('NOT_FOUND', 'No account of this provider is linked.');
    if (!hasPassword && linked.length === 1)
      throw new AppError('SYNC_CONFLICT', 'Set a password first: nothing else would sign you in.');
    await tx
      .delete(identities)
      .where(and(eq(identities.userId, userId), eq(identities.provider, provider)));
  });
}
