import { database } from '@/lib/server/db/database';
import { waysIn } from '@/lib/server/identities';
import { listProviders } from '@/lib/server/providers';
import { route } from '@/lib/server/route';

/** How the user signs in, and how else they could. */
export const GET = route({
  name: 'account.read',
  session: 'user',
  limit: { max: 120, windowS: 60 },
  async handle({ user }) {
    const { hasPassword, linked } = await waysIn((await database()).db, user.id);
    return { hasPassword, linked, providers: listProviders() };
  },
});
