import { accountApi } from '@/lib/contracts';
import { listProviders, signInMethods } from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** How the user signs in, and how else they could. */
export const GET = route({
  ...accountApi.read,
  name: 'account.read',
  limit: { max: 120, windowS: 60 },
  async handle({ user }) {
    const { hasPassword, linked } = await signInMethods((await database()).db, user.id);
    return { hasPassword, linked, providers: listProviders() };
  },
});
