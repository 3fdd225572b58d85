import { database } from '@/lib/server/db/database';
import { route } from '@/lib/server/route';
import { listMembers } from '@/lib/server/users';

/** Everyone who has an account here. */
export const GET = route({
  name: 'members.list',
  session: 'owner',
  limit: { max: 120, windowS: 60 },
  handle: async () => ({ members: await listMembers((await database()).db) }),
});
