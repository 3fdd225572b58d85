import { AppError } from '@/lib/core';
import { route } from '@/lib/server/http';

/** Addresses below `/api` that no other route has: reported as every route reports its failures. */
const nothing = route({
  name: 'unknown',
  session: 'open',
  limit: { max: 600, windowS: 60, isLocal: true },
  async handle() {
    throw new AppError('NOT_FOUND', 'There is nothing at this address.');
  },
});

export { nothing as DELETE, nothing as GET, nothing as POST, nothing as PUT };
