import { listMembers } from '@/lib/server/accounts/users';
import { database } from '@/lib/server/db/database';
import { route } from '@/lib/server/http/route';

/** Everyone who has an account here. */
export const GET = route({
  name: 'members.list',
  session: 'owner',
  limit: { max: 120, windowS: 60 },
  handle: async () => ({ members: await listMembers((await database()).db) }),
});
