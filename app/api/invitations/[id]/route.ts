import { membersApi } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { revokeInvitation } from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** Takes an invitation back. */
export const DELETE = route({
  ...membersApi.revokeInvitation,
  name: 'invitations.revoke',
  limit: { max: 120, windowS: 60 },
  async handle({ params: { id } }) {
    if (!(await revokeInvitation((await database()).db, id)))
      throw new AppError('NOT_FOUND', 'This invitation was used or taken back.');
    return null;
  },
});
