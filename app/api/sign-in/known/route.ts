import { z } from 'zod';
import { findGone } from '@/lib/server/accounts';
import { database, databaseExists } from '@/lib/server/db';
import { route } from '@/lib/server/http';

const ACCOUNTS_MAX = 50;

/**
 * Which of these accounts are no more. A browser asks for those whose libraries it has kept: nobody can
 * sign in to open them again. Ids are random: nobody learns of an account that they did not have.
 */
export const POST = route({
  name: 'sign-in.known',
  session: 'open',
  body: z.object({ accounts: z.array(z.uuid()).max(ACCOUNTS_MAX) }),
  limit: { max: 60, windowS: 60, isLocal: true },
  async handle({ body: { accounts } }) {
    if (!databaseExists()) return { gone: accounts };
    const { db } = await database();
    return { gone: await findGone(db, accounts) };
  },
});
