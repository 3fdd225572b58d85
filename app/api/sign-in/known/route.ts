import { signInApi } from '@/lib/contracts';
import { findGone } from '@/lib/server/accounts';
import { database, databaseExists } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/**
 * Which of these accounts no longer exist. A browser asks for those whose libraries it has kept: nobody can
 * sign in to open them again. Ids are random: nobody learns of an account that they did not have.
 */
export const POST = route({
  ...signInApi.known,
  name: 'sign-in.known',
  limit: { max: 60, windowS: 60, isLocal: true },
  async handle({ body: { accounts } }) {
    if (!databaseExists()) return { gone: accounts };
    const { db } = await database();
    return { gone: await findGone(db, accounts) };
  },
});
