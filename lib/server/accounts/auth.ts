import 'server-only';
import { database, databaseExists } from '@/lib/server/db';
import { readSessionCookie } from './session-cookie';
import { findSession } from './sessions';

/** Who is signed in. */
export interface SessionUser {
  id: string;
  email: string;
  name: string;
  role: 'owner' | 'member';
}

/** A sign-in that counts. */
export interface CurrentSession {
  user: SessionUser;
  sessionId: string;
}

/**
 * Who sends this request; `null` for nobody, for a session that was ended and for one that ran out.
 * A request without our cookie does not open the database: who runs the app alone never needs one.
 * @throws SERVER_BUSY when the database cannot be asked: that is not the same as signed out
 */
export async function currentSession(request: Request): Promise<CurrentSession | null> {
  const claims = await readSessionCookie(request);
  if (!claims || !databaseExists()) return null;
  const { db } = await database();
  const user = await findSession(db, claims.sub, claims.sid);
  return user && { user, sessionId: claims.sid };
}
