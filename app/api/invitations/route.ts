import { membersApi } from '@/lib/contracts';
import { createInvitation, listInvitations } from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** The invitations that are open. */
export const GET = route({
  ...membersApi.invitations,
  name: 'invitations.list',
  limit: { max: 120, windowS: 60 },
  handle: async () => ({ invitations: await listInvitations((await database()).db) }),
});

/** Makes one; its token is given once. */
export const POST = route({
  ...membersApi.invite,
  name: 'invitations.create',
  limit: { max: 60, windowS: 60 * 60 },
  handle: async ({ body: { note }, user }) =>
    createInvitation((await database()).db, user.id, note),
});
