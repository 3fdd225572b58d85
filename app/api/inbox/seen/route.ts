import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { markSeen } from '@/lib/server/queue';

/** Notes what was seen. */
export const PUT = route({
  ...inboxApi.seen,
  name: 'inbox.seen',
  limit: { max: 300, windowS: 60 },
  async handle({ user, body: { until } }) {
    await markSeen(user.id, new Date(until));
    return null;
  },
});
