import { membersApi } from '@/lib/contracts';
import { listMembers } from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** Everyone who has an account here. */
export const GET = route({
  ...membersApi.list,
  name: 'members.list',
  limit: { max: 120, windowS: 60 },
  handle: async () => ({ members: await listMembers((await database()).db) }),
});
