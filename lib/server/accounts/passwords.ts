import 'server-only';
import { createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import pLimit, { type LimitFunction } from 'p-limit';
import {
  ACCOUNT_LIMITS,
  normaliseEmail,
  normalisePassword,
  passwordSentence,
} from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { type Db, database, databaseExists, type Tx, users } from '@/lib/server/db';
import { consume } from '@/lib/server/limits';
import { isSameSecret, processSingleton, sessionSecret } from '@/lib/server/process';
import { endOtherSessions, type SessionClaims, startSession } from './sessions';
import { findByEmail } from './users';

/** 32 MiB and about a tenth of a second for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** A stored hash may have other costs than today's, up to this much memory. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
/** Concurrent hashes: they share the thread pool with file reads. */
const AT_ONCE = 2;
/** Most that wait for a hash: further ones would wait longer than anyone has patience for. */
const MAX_WAITING = 20;

/** The hash of no password: checking it takes as long as checking a real one. */
const DUMMY_HASH = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function derive(password: string, salt: Buffer, bytes: number, cost: ScryptOptions) {
  const lane = processSingleton<LimitFunction>('passwords', () => pLimit(AT_ONCE));
  if (lane.pendingCount >= MAX_WAITING)
    throw new AppError('SERVER_BUSY', 'Too many passwords are being checked at once.');
  return lane(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(
          normalisePassword(password),
          salt,
          bytes,
          { ...cost, maxmem: MAX_MEMORY_BYTES },
          (error, key) => (error ? reject(error) : resolve(key)),
        );
      }),
  );
}

/**
 * The form in which a password is stored: `scrypt$N$r$p$salt$key`, base64url.
 * @throws SERVER_BUSY when too many wait for theirs
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, KEY_BYTES, COST);
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password is the stored one. `null` stands for a missing account, or one without a password: the
 * check takes as long as a real one and is always `false`.
 * @throws SERVER_BUSY when too many checks are waiting; UNKNOWN for a hash that cannot be read
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = (stored ?? DUMMY_HASH).split('$');
  if (scheme !== 'scrypt' || !salt || !key)
    throw new AppError('UNKNOWN', 'A stored password hash has another form.');
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), expected.length, cost);
  return timingSafeEqual(derived, expected) && stored !== null;
}

/** Attempts from one IP address: a household or an office, or somebody who tries many accounts. */
const BY_ADDRESS = { max: 30, windowS: 15 * 60 };
/** Attempts at one account, from anywhere. */
const BY_ACCOUNT = { max: 10, windowS: 15 * 60 };

/**
 * The user with this email and password, or `null`. Every attempt counts, even a correct one. An unknown email
 * counts, answers and takes as long as a wrong password.
 * @param address IP address of the client. It is counted first, so that a blocked client cannot use up the attempts
 * of accounts
 * @throws RATE_LIMITED; SERVER_BUSY when attempts cannot be counted: then nobody is let in
 */
export async function checkPassword(
  email: string,
  password: string,
  address: string,
): Promise<string | null> {
  const wanted = normaliseEmail(email.slice(0, ACCOUNT_LIMITS.emailChars * 2));
  await consume('sign-in.address', address, BY_ADDRESS);
  await consume('sign-in.account', wanted, BY_ACCOUNT);
  const user = databaseExists() ? await findByEmail((await database()).db, wanted) : null;
  const isRight = await verifyPassword(password, user?.passwordHash ?? null);
  return user && isRight ? user.id : null;
}

/** How long the link for a new password works, in seconds. */
const RESET_MAX_AGE_S = 24 * 60 * 60;

type Account = Pick<typeof users.$inferSelect, 'id' | 'email' | 'passwordHash'>;

async function readAccount(db: Db, userId: string): Promise<Account | null> {
  const [row] = await db
    .select({ id: users.id, email: users.email, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

/** @throws BAD_REQUEST with a sentence */
function checkFits(password: string, email: string): void {
  const sentence = passwordSentence(password, email);
  if (sentence) throw new AppError('BAD_REQUEST', `${sentence}.`);
}

/** Sets the new hash if the old one is still there. @returns whether it was */
async function replaceHash(tx: Tx, { id, passwordHash }: Account, hash: string): Promise<boolean> {
  const changed = await tx
    .update(users)
    .set({ passwordHash: hash })
    .where(
      and(eq(users.id, id), sql`${users.passwordHash} is not distinct from ${passwordHash}::text`),
    )
    .returning({ id: users.id });
  return changed.length > 0;
}

/**
 * Changes a user's own password and ends their other sessions. Users without a password, who sign in through a
 * provider, do not give a current one.
 * @throws FORBIDDEN when the current one is wrong, BAD_REQUEST when the new one does not fit,
 * SYNC_CONFLICT when it was changed elsewhere at the same moment; SERVER_BUSY
 */
export async function changePassword(
  userId: string,
  sessionId: string,
  { current, next }: { current: string; next: string },
): Promise<void> {
  const { db, transaction } = await database();
  const account = await readAccount(db, userId);
  if (!account) throw new AppError('UNAUTHENTICATED', 'This account is no longer there.');
  if (account.passwordHash !== null && !(await verifyPassword(current, account.passwordHash)))
    throw new AppError('FORBIDDEN', 'The current password is wrong.');
  checkFits(next, account.email);
  const hash = await hashPassword(next);
  await transaction(async (tx) => {
    if (!(await replaceHash(tx, account, hash)))
      throw new AppError('SYNC_CONFLICT', 'The password was changed at the same moment.');
    await endOtherSessions(tx, userId, sessionId);
  });
}

/** Signs the current password hash, so that a link works once: using it changes the hash. */
async function sign({ id, passwordHash }: Account, expiresAtS: number): Promise<string> {
  const hmac = createHmac('sha256', await sessionSecret());
  return hmac
    .update(`password-reset.${id}.${expiresAtS}.${passwordHash ?? ''}`)
    .digest('base64url');
}

/**
 * The token of a link by which a user chooses a new password. Nothing is stored for it.
 * @throws NOT_FOUND when there is no such user
 */
export async function resetToken(userId: string, nowMs = Date.now()): Promise<string> {
  const account = await readAccount((await database()).db, userId);
  if (!account) throw new AppError('NOT_FOUND', 'There is no such account.');
  const expiresAtS = Math.floor(nowMs / 1000) + RESET_MAX_AGE_S;
  return `${account.id}.${expiresAtS}.${await sign(account, expiresAtS)}`;
}

/**
 * Whose link this is.
 * @throws NOT_FOUND, the same for a wrong, used and expired one
 */
export async function readReset(token: string): Promise<Account> {
  const gone = new AppError('NOT_FOUND', 'This link was used, or is over.');
  const [, id, expires, signature] = /^([0-9a-f-]{36})\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  const expiresAtS = Number(expires);
  const isCurrent = expiresAtS * 1000 > Date.now();
  if (!id || !signature || !isCurrent || !isUuid(id) || !databaseExists()) throw gone;
  const account = await readAccount((await database()).db, id);
  if (!account || !isSameSecret(signature, await sign(account, expiresAtS))) throw gone;
  return account;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/**
 * Sets the password that a link was made for, ends every session of its user and signs this browser in.
 * @throws NOT_FOUND as `readReset`, BAD_REQUEST when the password does not fit; SERVER_BUSY
 */
export async function resetPassword(
  token: string,
  password: string,
  device: string,
): Promise<SessionClaims> {
  const account = await readReset(token);
  checkFits(password, account.email);
  const hash = await hashPassword(password);
  const { transaction } = await database();
  return transaction(async (tx) => {
    if (!(await replaceHash(tx, account, hash)))
      throw new AppError('NOT_FOUND', 'This link was used, or is over.');
    await endOtherSessions(tx, account.id, null);
    return { sub: account.id, sid: await startSession(tx, account.id, device) };
  });
}
