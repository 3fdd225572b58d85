import { hashPassword } from '@/lib/server/accounts/passwords';
import { sealSession, sessionCookieName, startSession } from '@/lib/server/accounts/sessions';
import { database } from '../db/database';
import { users } from '../db/schema';

/** A browser that is signed in. */
export interface SignedIn {
  userId: string;
  sessionId: string;
  /** The `cookie` header of its requests. */
  cookie: string;
}

/** What `makeUser` takes as a password; hashed once, as that takes long. */
export const TEST_PASSWORD = 'correct horse battery';
let testHash: Promise<string> | null = null;
let count = 0;

/** The hash of `TEST_PASSWORD`. */
export function testPasswordHash(): Promise<string> {
  testHash ??= hashPassword(TEST_PASSWORD);
  return testHash;
}

/** Puts a user into the database, without a password unless one is given. @returns their id */
export async function makeUser(
  given: { email?: string; name?: string; role?: 'owner' | 'member'; passwordHash?: string } = {},
): Promise<string> {
  count += 1;
  const { db } = await database();
  const [row] = await db
    .insert(users)
    .values({ email: `user-${count}@example.org`, name: `User ${count}`, role: 'member', ...given })
    .returning({ id: users.id });
  if (!row) throw new Error('No user was made.');
  return row.id;
}

/** Signs a user in on one more device, past the sign-in page. */
export async function signInAs(userId: string, device = 'Test browser'): Promise<SignedIn> {
  const { db } = await database();
  const sessionId = await startSession(db, userId, device);
  const value = await sealSession({ sub: userId, sid: sessionId });
  return { userId, sessionId, cookie: `${sessionCookieName()}=${value}` };
}
