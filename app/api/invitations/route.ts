import { z } from 'zod';
import { ACCOUNT_LIMITS } from '@/lib/contracts/account-rules';
import { shownLine } from '@/lib/contracts/accounts';
import { createInvitation, listInvitations } from '@/lib/server/accounts/invitations';
import { database } from '@/lib/server/db/database';
import { route } from '@/lib/server/http/route';

/** The invitations that are open. */
export const GET = route({
  name: 'invitations.list',
  session: 'owner',
  limit: { max: 120, windowS: 60 },
  handle: async () => ({ invitations: await listInvitations((await database()).db) }),
});

/** Makes one; its token is told once. */
export const POST = route({
  name: 'invitations.create',
  session: 'owner',
  body: z.object({ note: shownLine(ACCOUNT_LIMITS.noteChars) }),
  limit: { max: 60, windowS: 60 * 60 },
  handle: async ({ body: { note }, user }) =>
    createInvitation((await database()).db, user.id, note),
});
