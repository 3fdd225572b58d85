import 'server-only';
import { createHmac, randomBytes } from 'node:crypto';
import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { AppError } from '@/lib/core';
import {
  type Db,
  database,
  databaseExists,
  databaseSentence,
  invitations,
  isUniqueViolation,
  type Tx,
  users,
} from '@/lib/server/db';
import { hashToken, isSameSecret, serverEnv, sessionSecret } from '@/lib/server/process';
import { type SessionClaims, startSession } from './sessions';
import { createUser, hasUsers, type NewUser, takenEmail } from './users';

/** How long a set-up link works, in seconds. */
export const SETUP_MAX_AGE_S = 24 * 60 * 60;

async function sign(expiresAtS: number): Promise<string> {
  const hmac = createHmac('sha256', await sessionSecret());
  return hmac.update(`owner-setup.${expiresAtS}`).digest('base64url');
}

/**
 * A new token for the set-up link. Nothing is stored: it is signed, contains its expiry time, and works
 * only while there is no account.
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
 * Prints the set-up link while there is no account; called when the server starts. Does not create the
 * database if it does not exist: that takes seconds, and a single-user install needs none.
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

/** How long an invitation can be accepted, in seconds. */
const INVITATION_MAX_AGE_S = 7 * 24 * 60 * 60;
const TOKEN_BYTES = 32;

/** An invitation that was made, for the owner's list. Its link cannot be shown again. */
export interface Invitation {
  id: string;
  note: string;
  createdAt: string;
  expiresAt: string;
}

const isOpen = and(isNull(invitations.usedAt), gt(invitations.expiresAt, sql`now()`));

function gone(): AppError {
  return new AppError('NOT_FOUND', 'This invitation was used, taken back, or is over.');
}

function listed(
  row: Pick<typeof invitations.$inferSelect, 'id' | 'note' | 'createdAt' | 'expiresAt'>,
) {
  const { id, note, createdAt, expiresAt } = row;
  return { id, note, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}

/** Makes an invitation. Its token is given here and never again: only its hash is stored. */
export async function createInvitation(
  db: Db,
  createdBy: string,
  note: string,
): Promise<Invitation & { token: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const [row] = await db
    .insert(invitations)
    .values({
      tokenHash: hashToken(token),
      note,
      createdBy,
      expiresAt: sql`now() + make_interval(secs => ${INVITATION_MAX_AGE_S})`,
    })
    .returning();
  if (!row) throw new AppError('UNKNOWN', 'The database gave no row for a new invitation.');
  return { ...listed(row), token };
}

/** The invitations that can still be accepted, newest first. */
export async function listInvitations(db: Db): Promise<Invitation[]> {
  const rows = await db
    .select()
    .from(invitations)
    .where(isOpen)
    .orderBy(desc(invitations.createdAt), invitations.id);
  return rows.map(listed);
}

/** Takes an open invitation back. @returns whether there was one */
export async function revokeInvitation(db: Db, id: string): Promise<boolean> {
  const gone = await db
    .delete(invitations)
    .where(and(eq(invitations.id, id), isNull(invitations.usedAt)))
    .returning({ id: invitations.id });
  return gone.length > 0;
}

/**
 * Who invites with this token. Does not open a database that does not exist yet.
 * @throws NOT_FOUND, the same for a wrong, used, revoked and expired one
 */
export async function readOpenInvitation(token: string): Promise<{ invitedBy: string }> {
  if (!databaseExists()) throw gone();
  const { db } = await database();
  const [row] = await db
    .select({ invitedBy: users.name })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.createdBy))
    .where(and(eq(invitations.tokenHash, hashToken(token)), isOpen));
  if (!row) throw gone();
  return row;
}

/**
 * Creates the account that an invitation is for and signs its browser in. An invitation works once, however
 * many people accept it at the same moment; if the account cannot be created, it stays open.
 * @param complete what else belongs to the account, in the same transaction
 * @throws NOT_FOUND as `readOpenInvitation`; SYNC_CONFLICT when the address is taken; SERVER_BUSY
 */
export async function acceptInvitation(
  token: string,
  account: Omit<NewUser, 'role'>,
  device: string,
  complete: (tx: Tx, userId: string) => Promise<void> = async () => undefined,
): Promise<SessionClaims> {
  const { transaction } = await database();
  try {
    return await transaction(async (tx) => {
      // the row is locked from here on: a second caller finds it used
      const [used] = await tx
        .update(invitations)
        .set({ usedAt: sql`now()` })
        .where(and(eq(invitations.tokenHash, hashToken(token)), isOpen))
        .returning({ id: invitations.id });
      if (!used) throw gone();
      const sub = await createUser(tx, { ...account, role: 'member' });
      await tx.update(invitations).set({ usedBy: sub }).where(eq(invitations.id, used.id));
      await complete(tx, sub);
      return { sub, sid: await startSession(tx, sub, device) };
    });
  } catch (error) {
    throw takenEmail(error);
  }
}

/** Removes the invitations that nobody accepted in time. */
export async function sweepInvitations(): Promise<void> {
  const { db } = await database();
  await db
    .delete(invitations)
    .where(and(isNull(invitations.usedAt), lt(invitations.expiresAt, sql`now()`)));
}
