import { accountApi } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { endSession } from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** Signs the user out on one device. Another user's session is as unknown as none. */
export const DELETE = route({
  ...accountApi.endSession,
  name: 'sessions.end',
  limit: { max: 120, windowS: 60 },
  async handle({ params: { id }, user }) {
    if (!(await endSession((await database()).db, user.id, id)))
      throw new AppError('NOT_FOUND', 'This session has ended.');
    return null;
  },
});
