import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { workQueue } from '@/lib/server/queue';

/** Brings a recording back that was taken off the list. */
export const POST = route({
  ...inboxApi.restore,
  name: 'inbox.restore',
  limit: { max: 600, windowS: 60 },
  async handle({ user, params: { id } }) {
    await workQueue().restore(user.id, id);
    return null;
  },
});
