import 'server-only';
import { and, desc, eq, inArray, max, sql } from 'drizzle-orm';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { type Db, database, isUniqueViolation, sessions, type Tx, users } from '@/lib/server/db';

/** What a new account is made of; the address normalised, the password hashed. */
export interface NewUser {
  email: string;
  name: string;
  role: 'owner' | 'member';
  /** `null`: signs in through a provider only. */
  passwordHash: string | null;
}

/** One account, for the owner's list. */
export interface Member {
  id: string;
  email: string;
  name: string;
  role: 'owner' | 'member';
  createdAt: string;
  /** `null`: signed in nowhere. */
  lastSeenAt: string | null;
}

/** Makes an account. @returns its id. A taken address fails the transaction: see `takenEmail`. */
export async function createUser(tx: Tx, { name, ...rest }: NewUser): Promise<string> {
  const [row] = await tx
    .insert(users)
    .values({ ...rest, name: name.slice(0, ACCOUNT_LIMITS.nameChars) })
    .returning({ id: users.id });
  if (!row) throw new AppError('UNKNOWN', 'The database gave no id for a new user.');
  return row.id;
}

/** Gives the failure of a taken address its name; every other one stays what it is. */
export function takenEmail(error: unknown): unknown {
  return isUniqueViolation(error, 'users_email')
    ? new AppError('SYNC_CONFLICT', 'Another account has this address.', { cause: error })
    : error;
}

/** Whose address this is and how their password is checked; `null` for nobody. */
export async function findByEmail(
  db: Db,
  email: string,
): Promise<{ id: string; passwordHash: string | null } | null> {
  const [row] = await db
    .select({ id: users.id, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(sql`lower(${users.email})`, email));
  return row ?? null;
}

/** Those of these ids that are not an account's. */
export async function findGone(db: Db, ids: string[]): Promise<string[]> {
  const rows = await db.select({ id: users.id }).from(users).where(inArray(users.id, ids));
  const known = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

/** Whether there is any account at all. */
export async function hasUsers(db: Db | Tx): Promise<boolean> {
  const rows = await db.select({ id: users.id }).from(users).limit(1);
  return rows.length > 0;
}

/** Every account, the owner first, then by age. */
export async function listMembers(db: Db): Promise<Member[]> {
  const rows = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      createdAt: users.createdAt,
      lastSeenAt: max(sessions.lastSeenAt),
    })
    .from(users)
    .leftJoin(sessions, eq(sessions.userId, users.id))
    .groupBy(users.id)
    .orderBy(desc(users.role), users.createdAt, users.id);
  return rows.map(({ createdAt, lastSeenAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  }));
}

/**
 * Removes a member's account. Their sessions, their list of transcripts and their shares go with it;
 * what their devices hold stays there.
 * @throws NOT_FOUND when there is no such member; the owner is none
 */
export async function removeMember(id: string): Promise<void> {
  const { db } = await database();
  const gone = await db
    .delete(users)
    .where(and(eq(users.id, id), eq(users.role, 'member')))
    .returning({ id: users.id });
  if (gone.length === 0) throw new AppError('NOT_FOUND', 'There is no such member.');
}
