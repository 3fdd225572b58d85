import 'server-only';
import { createHmac } from 'node:crypto';
import { AppError } from '@/lib/core';
import {
  database,
  databaseExists,
  databaseSentence,
  isUniqueViolation,
  type Tx,
} from '@/lib/server/db';
import { isSameSecret, serverEnv, sessionSecret } from '@/lib/server/process';
import type { SessionClaims } from './session-cookie';
import { startSession } from './sessions';
import { createUser, hasUsers, type NewUser } from './users';

/** How long a set-up link works, in seconds. */
export const SETUP_MAX_AGE_S = 24 * 60 * 60;

async function sign(expiresAtS: number): Promise<string> {
  const hmac = createHmac('sha256', await sessionSecret());
  return hmac.update(`owner-setup.${expiresAtS}`).digest('base64url');
}

/**
 * A new token of the set-up link. Nothing is stored for it: it is signed, names its own end, and
 * works only while there is no account.
 */
export async function setupToken(nowMs = Date.now()): Promise<string> {
  const expiresAtS = Math.floor(nowMs / 1000) + SETUP_MAX_AGE_S;
  return `${expiresAtS}.${await sign(expiresAtS)}`;
}

/** @throws FORBIDDEN for a token that is not ours, NOT_FOUND for one whose time is over */
async function checkToken(token: string): Promise<void> {
  const [, expires, signature] = /^(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  const expiresAtS = Number(expires);
  if (!signature || !isSameSecret(signature, await sign(expiresAtS)))
    throw new AppError('FORBIDDEN', 'This set-up link is not complete or not from this server.');
  if (expiresAtS * 1000 <= Date.now())
    throw new AppError(
      'NOT_FOUND',
      'This set-up link has expired. Restart the server for a new one.',
    );
}

function alreadySetUp(cause?: unknown): AppError {
  return new AppError('SYNC_CONFLICT', 'This server has its owner already.', { cause });
}

/**
 * Whether a set-up link would work now. Does not open a database that does not exist yet.
 * @throws FORBIDDEN, NOT_FOUND as for `setUpOwner`; SYNC_CONFLICT when there is an owner
 */
export async function checkSetup(token: string): Promise<void> {
  await checkToken(token);
  if (!databaseExists()) return;
  const { db } = await database();
  if (await hasUsers(db)) throw alreadySetUp();
}

/**
 * Makes the owner's account and signs its browser in, once.
 * @param complete what else belongs to the account, in the same transaction
 * @throws FORBIDDEN for a wrong token, NOT_FOUND for an expired one, SYNC_CONFLICT when there is an
 * owner; SERVER_BUSY
 */
export async function setUpOwner(
  token: string,
  account: Omit<NewUser, 'role'>,
  device: string,
  complete: (tx: Tx, userId: string) => Promise<void> = async () => undefined,
): Promise<SessionClaims> {
  await checkToken(token);
  const { transaction } = await database();
  try {
    return await transaction(async (tx) => {
      if (await hasUsers(tx)) throw alreadySetUp();
      const sub = await createUser(tx, { ...account, role: 'owner' });
      await complete(tx, sub);
      return { sub, sid: await startSession(tx, sub, device) };
    });
  } catch (error) {
    // two links were used at the same moment: `users_owner` lets one of them through
    if (isUniqueViolation(error)) throw alreadySetUp(error);
    throw error;
  }
}

/**
 * Prints the set-up link while there is no account; called when the server starts. A database that
 * does not exist is not made for it: that takes seconds, and who runs the app alone needs none.
 */
export async function announceSetup(): Promise<void> {
  try {
    if (databaseExists() && (await hasUsers((await database()).db))) return;
    const link = `${serverEnv().publicUrl}/setup#${await setupToken()}`;
    process.stdout.write(
      `To use AI2Text as a team, make the owner's account with this link (valid for 24 hours): ${link}\n`,
    );
  } catch (error) {
    process.stderr.write(
      `${databaseSentence(error)} The app runs; nobody can sign in until that is mended.\n`,
    );
  }
}
