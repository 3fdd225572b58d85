import 'server-only';
import { createHmac } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { passwordSentence } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { type Db, database, databaseExists, type Tx, users } from '@/lib/server/db';
import { isSameSecret, sessionSecret } from '@/lib/server/process';
import { hashPassword, verifyPassword } from './passwords';
import type { SessionClaims } from './session-cookie';
import { endOtherSessions, startSession } from './sessions';

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
 * Changes a user's own password and ends their sessions everywhere else. Who has none yet, because a
 * provider signs them in, needs not give one.
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

/** Signs the password as it is now, so that a link works once: afterwards it is another one. */
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
